/** What `IncomingMessage` and `ServerResponse` do, told by the events and answers that `node:http` gives for the same listener. */
import type { Socket } from 'node:net'
import { finished, pipeline, Readable, Transform } from 'node:stream'
import { describe, test } from 'vitest'
import { tsgiHosts } from './hosts.ts'
import { codeOf, expectAsOnNode, type Case } from './observe.ts'
import { requestText } from './wire.ts'

const POST = requestText('POST', '/', {}, 'abc')
const leaveWhenCalled = (socket: Socket, called: Promise<void>): void =>
  void called.then(() => socket.resetAndDestroy())
const leaveAfterHead = (socket: Socket): void => void socket.once('data', () => socket.resetAndDestroy())

const cases: Readonly<Record<string, Case>> = {
  'end with a body': {
    ordered: true,
    listener: (_, response, note) => {
      response.end('x', () => note('end callback'))
      note(`${response.writableEnded} ${response.writableFinished} ${response.headersSent} ${response.finished}`)
    },
  },
  'end without a body': { listener: (_, response) => response.end() },
  'end later': {
    listener: (request, response, note) =>
      setImmediate(() => {
        note(`${request.complete} ${request.readableEnded} ${response.headersSent}`)
        response.end('x')
      }),
  },
  'write, then end': {
    ordered: true,
    listener: (_, response, note) => {
      note(`write ${response.write('a', () => note('write callback'))}`)
      note(`sent ${response.headersSent}`)
      response.end(() => note('end callback'))
    },
  },
  'write an empty chunk, then more later': {
    listener: (_, response) => {
      response.write('')
      setImmediate(() => response.end('x'))
    },
  },
  'encodings of strings': {
    listener: (_, response) => {
      response.write('é', 'latin1')
      response.write('6869', 'hex')
      response.write('é')
      response.end('aGk=', 'base64')
    },
  },
  'chunks that are bytes': {
    listener: (_, response) => {
      response.write(new Uint8Array([1, 2, 255]))
      response.end(Buffer.from('x'))
    },
  },
  'flushHeaders before the body': {
    listener: (_, response, note) => {
      response.flushHeaders()
      note(`sent ${response.headersSent}`)
      setImmediate(() => response.end('z'))
    },
  },
  'flushHeaders while the client waits for them': {
    listener: (request, response) => {
      response.flushHeaders()
      request.resume().on('end', () => response.end('z'))
    },
    request: ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n'],
    meanwhile: (socket) => void socket.once('data', () => socket.write('x')),
    differs: { finish: 'later' },
  },
  'an empty write while the client waits for the head': {
    listener: (request, response) => {
      response.write('')
      request.resume().on('end', () => response.end('z'))
    },
    request: ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n'],
    meanwhile: (socket) => void socket.once('data', () => socket.write('x')),
    differs: { finish: 'later' },
  },
  'a buffer that is used again when its callback is called': {
    listener: (_, response) => {
      const buffer = Buffer.from('first ')
      response.write(buffer, () => {
        buffer.write('second')
        response.end(buffer)
      })
    },
  },
  'more than there is room for': {
    listener: (_, response, note) => {
      note(`write ${response.write('x'.repeat(5_000_000))}`)
      note(`needs drain ${response.writableNeedDrain} ${response.writableLength > 0}`)
      response.once('drain', () => {
        note(`drained ${response.writableNeedDrain}`)
        note(`write ${response.write('y'.repeat(5_000_000))}`)
        response.end()
        note(`needs drain ${response.writableNeedDrain}`)
      })
    },
  },
  'a body that nobody reads': { listener: (_, response) => response.end('x'), request: POST },
  'a body read by events': {
    listener: (request, response, note) => {
      request.on('data', (data: Buffer) => note(`data ${data.toString()}`))
      request.on('end', () => {
        note(`complete ${request.complete}`)
        response.end('x')
      })
    },
    request: POST,
    differs: { finish: 'later' },
  },
  'a body read by iteration': {
    listener: async (request, response) => {
      let text = ''
      for await (const chunk of request) text += String(chunk)
      response.end(text)
    },
    request: POST,
    differs: { finish: 'later' },
  },
  'a body of which a loop takes one chunk': {
    listener: async (request, response) => {
      for await (const _ of request) break
      response.end('enough')
    },
    request: POST,
    differs: { finish: 'later' },
  },
  'an echo by pipe': {
    listener: (request, response) => request.pipe(response),
    request: POST,
    differs: { finish: 'later' },
  },
  'an echo by pipeline through a transform': {
    listener: (request, response, note) => {
      const upper = new Transform({ transform: (chunk, _, done) => done(null, String(chunk).toUpperCase()) })
      pipeline(request, upper, response, (error) => note(`pipeline ${error?.code}`))
    },
    request: POST,
    differs: { finish: 'later' },
  },
  'a piped stream that fails half-way': {
    listener: (_, response, note) => {
      const source = Readable.from(
        (function* chunks() {
          yield 'a'
          throw new Error('half-way')
        })(),
      )
      pipeline(source, response, (error) => note(`pipeline ${error?.message}`))
    },
  },
  'a request without a body, read': {
    listener: (request, response) => request.resume().on('end', () => response.end('x')),
    differs: { finish: 'later' },
  },
  'trailers of a request': {
    listener: (request, response, note) => {
      request.resume().on('end', () => {
        note(JSON.stringify([request.trailers, request.trailersDistinct]))
        response.end('x')
      })
    },
    request: [
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\nX-T: 2\r\n\r\n',
    ],
    differs: { finish: 'later' },
  },
  'trailers of a response': {
    listener: (_, response) => {
      response.writeHead(200, { Trailer: 'X-A' })
      response.write('a')
      response.addTrailers({ 'X-A': 'b' })
      response.end()
    },
  },
  'trailers of a response as pairs, with its body given to end': {
    listener: (_, response) => {
      response.setHeader('Trailer', 'X-A')
      response.addTrailers([
        ['X-A', 'b'],
        ['X-B', 'c'],
      ])
      response.end('q')
    },
  },
  'trailers for a body that is not chunked': {
    listener: (_, response) => {
      response.setHeader('Content-Length', 1)
      response.addTrailers({ 'X-A': 'b' })
      response.end('q')
    },
  },
  'early hints': {
    listener: (_, response, note) => {
      response.writeEarlyHints({ link: ['</a>; rel=preload', '</b>; rel=preload'], 'x-y': 'z' }, () => note('hints'))
      setImmediate(() => response.end('z'))
    },
  },
  'early hints without a link': {
    listener: (_, response) => {
      response.writeEarlyHints({ 'x-y': 'z' })
      response.end('z')
    },
  },
  'an expectation to continue': {
    listener: (request, response) => request.resume().on('end', () => response.end('x')),
    request: requestText('POST', '/', { Expect: '100-continue' }, 'abc'),
    differs: { finish: 'later' },
  },
  'HEAD with a body': {
    ordered: true,
    listener: (_, response, note) => {
      response.write('abc', () => note('write callback'))
      response.end('x')
    },
    request: requestText('HEAD', '/'),
  },
  'HEAD with a body that ends later': {
    listener: (_, response) => {
      response.write('abc')
      setImmediate(() => setImmediate(() => response.end('x')))
    },
    request: requestText('HEAD', '/'),
  },
  'HEAD with a declared length': {
    listener: (_, response) => response.setHeader('content-length', 7).end(),
    request: requestText('HEAD', '/'),
  },
  'status 204 with a body': {
    listener: (_, response) => {
      response.statusCode = 204
      response.end('x')
    },
  },
  'status 304': { listener: (_, response) => response.writeHead(304, { ETag: '"a"' }).end() },
  'write after end': {
    listener: (_, response, note) => {
      response.end('x')
      note(`write ${response.write('y', (error) => note(`callback ${codeOf(error)}`))}`)
    },
    differs: { finish: 'later' },
  },
  'end after end': {
    listener: (_, response, note) => {
      response.end('x')
      response.end('y', () => note('end callback'))
    },
    differs: { finish: 'later' },
  },
  'the client leaves before an answer': {
    listener: (_, response) => finished(response, () => {}),
    meanwhile: leaveWhenCalled,
  },
  'the client leaves in an upload': {
    listener: (request, _, note) => request.on('data', () => note('data')),
    request: ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\nabc'],
    meanwhile: leaveWhenCalled,
  },
  'the client leaves in a download': {
    listener: (request, response, note) => {
      response.write('a')
      response.on('close', () => {
        note(`${response.destroyed} ${response.writableEnded} ${response.writableFinished} ${request.aborted}`)
        note(`write ${response.write('b', (error) => note(`callback ${codeOf(error)}`))}`)
      })
    },
    meanwhile: leaveAfterHead,
  },
  'the client leaves in a download after its body was read': {
    listener: (request, response) => {
      request.resume()
      response.write('a')
    },
    request: POST,
    meanwhile: leaveAfterHead,
  },
  'destroy after the head': {
    listener: (_, response) => {
      response.write('a')
      setImmediate(() => setImmediate(() => response.destroy()))
    },
  },
  'destroy with an error after the head': {
    listener: (_, response, note) => {
      response.write('a')
      setImmediate(() =>
        setImmediate(() => {
          response.destroy(new Error('x'))
          note(`errored ${response.errored?.message}`)
        }),
      )
    },
  },
  'destroy before the head': { listener: (_, response) => response.destroy(), differs: { answer: 'answered' } },
  'destroy of the socket': { listener: (request) => request.socket.destroy(), differs: { answer: 'answered' } },
  'a response timeout that is heard': {
    listener: (_, response, note) =>
      response.setTimeout(20, () => {
        note('timeout')
        response.end('late')
      }),
  },
  'a socket timeout that is not heard by request or response': {
    listener: (request, _, note) => request.socket.setTimeout(20, () => note('timeout')),
    differs: { answer: 'answered' },
  },
  'an AbortSignal of the request': {
    listener: (request, response, note) => {
      const { signal } = request as unknown as { readonly signal: AbortSignal | undefined }
      signal?.addEventListener('abort', () => note('aborted'))
      response.write('a')
    },
    meanwhile: leaveAfterHead,
  },
}

for (const host of tsgiHosts) {
  describe(host.name, () => {
    for (const [name, subject] of Object.entries(cases)) test(name, () => expectAsOnNode(host, subject))
  })
}
