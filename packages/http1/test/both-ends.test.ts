/** The two ends of HTTP/1.1 against each other, without sockets: what the server's half writes the client's half reads. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CHUNK_END,
  chunkHead,
  fieldLines,
  lastChunk,
  RequestParser,
  ResponseReader,
  writeResponseHead,
  writeUpgradeHead,
} from '../src/index.ts'
import { collect } from './collect-responses.ts'
import { conversation, conversationBytes, hasBody } from './response-streams.ts'

const NO_FIELDS = { lines: '', close: false, hasDate: false }

describe('responses of our writer', () => {
  test('are read back: status, fields, body, trailers, interim ones', () => {
    fc.assert(
      fc.property(conversation, (exchanges) => {
        const reader = new ResponseReader()
        for (const { method } of exchanges) reader.expect(method)
        reader.receive(conversationBytes(exchanges))
        reader.receiveEnd()
        for (const each of exchanges) {
          const read = reader.next()
          const added = new Set(['server', 'content-length', 'transfer-encoding', 'connection'])
          const { headers = [] } = read ?? {}
          const own = headers.filter((_, i) => !added.has(headers[i - (i % 2)] as string))
          expect(read).toMatchObject({ status: each.status, reason: 'Any Reason' })
          expect(own).toEqual(each.fields)
          expect(read?.interim).toHaveLength(each.minorVersion === 1 ? each.interim : 0)
          expect(read?.body.toString('latin1')).toBe(hasBody(each) ? each.pieces.join('') : '')
          const trailers = read?.framing === 'chunked' && each.trailers.length > 0 ? each.trailers : null
          expect(read?.trailers).toEqual(trailers)
        }
        expect(reader.next()).toBeNull()
        expect(reader.parser.next().type).toBe('eof')
      }),
      { numRuns: 100 },
    )
  })

  test('mean the same however they are cut', () => {
    fc.assert(
      fc.property(conversation, (exchanges) => {
        const bytes = conversationBytes(exchanges)
        const methods = exchanges.map(({ method }) => method)
        const whole = JSON.stringify(collect([bytes], { methods }))
        expect(
          JSON.stringify(
            collect(
              [...bytes].map((byte) => Buffer.of(byte)),
              { methods },
            ),
          ),
        ).toBe(whole)
        for (let cut = 1; cut < bytes.length; cut++) {
          const read = JSON.stringify(collect([bytes.subarray(0, cut), bytes.subarray(cut)], { methods }))
          if (read !== whole) expect(read, `cut at ${cut}`).toBe(whole)
        }
      }),
      { numRuns: 15 },
    )
  })
})

/** A server: sends back the body of each request, with an unknown length where the target has a query. */
function echoServer(): (bytes: Buffer) => string {
  const parser = new RequestParser()
  let body = ''
  let head: Extract<ReturnType<RequestParser['next']>, { type: 'request' }> | null = null
  return (bytes) => {
    let sent = ''
    parser.receive(bytes)
    for (;;) {
      const event = parser.next()
      if (event.type === 'request') {
        head = event
        body = ''
      } else if (event.type === 'data') {
        body += Buffer.from(event.bytes).toString('latin1')
      } else if (event.type === 'end' && head !== null) {
        const facts = { ...head, hasBody: head.method !== 'HEAD' }
        const length = head.query === '' ? body.length : -1
        const fields = { ...NO_FIELDS, lines: `x-method: ${head.method}\r\n` }
        const { text, framing } = writeResponseHead(200, 'OK', fields, length, facts, '', '')
        const chunks = body === '' ? '' : chunkHead(body.length) + body + CHUNK_END
        sent +=
          text +
          (framing === 'chunked'
            ? chunks + lastChunk(fieldLines(event.trailers ?? []))
            : framing === 'none'
              ? ''
              : body)
      } else {
        parser.release()
        return sent
      }
    }
  }
}

test('a client and a server converse, each receiving in pieces of any size', () => {
  const request = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'PUT'),
    query: fc.constantFrom('', '?q'),
    body: fc.string({ maxLength: 50, unit: 'binary-ascii' }),
    chunked: fc.boolean(),
  })
  fc.assert(
    fc.property(
      fc.array(request, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 90 }),
      (requests, size) => {
        const server = echoServer()
        const client = new ResponseReader()
        let toServer = ''
        for (const { method, query, body, chunked } of requests) {
          client.expect(method)
          const framed = chunked
            ? `transfer-encoding: chunked\r\n\r\n${body === '' ? '' : chunkHead(body.length) + body + CHUNK_END}${lastChunk('t: u\r\n')}`
            : `content-length: ${body.length}\r\n\r\n${body}`
          toServer += `${method} /${query} HTTP/1.1\r\nhost: a\r\n${framed}`
        }
        const responses: ReturnType<ResponseReader['next']>[] = []
        for (let at = 0; at < toServer.length; at += size) {
          const toClient = server(Buffer.from(toServer.slice(at, at + size), 'latin1'))
          for (let from = 0; from < toClient.length; from += size) {
            client.receive(Buffer.from(toClient.slice(from, from + size), 'latin1'))
            for (let whole = client.next(); whole !== null; whole = client.next()) responses.push(whole)
          }
        }
        expect(responses.map((whole) => [whole?.headers[1], whole?.body.toString('latin1'), whole?.keepAlive])).toEqual(
          requests.map(({ method, body }) => [method, method === 'HEAD' ? '' : body, true]),
        )
        for (const [i, { method, query, chunked }] of requests.entries()) {
          expect(responses[i]?.trailers).toEqual(chunked && query !== '' && method !== 'HEAD' ? ['t', 'u'] : null)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('the head of an upgrade is read back, and what follows it is left alone', () => {
  const reader = new ResponseReader()
  reader.expect('GET')
  reader.receive(Buffer.from(`${writeUpgradeHead('websocket', { ...NO_FIELDS, lines: 'x: y\r\n' })}\x81`, 'latin1'))
  expect(reader.next()).toMatchObject({ status: 101, upgrade: ['websocket'], keepAlive: false })
  expect(reader.next()).toBeNull()
  expect(reader.parser.takeRest().toString('latin1')).toBe('\x81')
})
