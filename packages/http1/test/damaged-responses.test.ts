/** Damaged responses: never a throw, the same however they are cut, and nothing accepted that means something else to others. */
import { describe, expect, test } from 'vitest'
import { mutate } from '../fuzz/mutate.ts'
import { Random } from '../fuzz/random.ts'
import { ResponseFormatError, ResponseReader, type WholeResponse } from '../src/index.ts'
import { collect } from './collect-responses.ts'
import { responseSeenByRuntime, type SeenResponse } from './independent-client.ts'

const CORPUS: readonly string[] = [
  'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n',
  'HTTP/1.0 200 OK\r\nX: y\r\n\r\nuntil the end',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x00',
  'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 9\r\n\r\n',
]
const limits = { maxHeaderSize: 1000, maxHeaders: 20, maxBodySize: 2000 }
const METHODS = ['GET', 'GET', 'HEAD', 'CONNECT'] as const

/** The runtime takes a field of an interim response for one of the connection, or of a body; it has neither. */
const isKnownDifference = ({ interim }: WholeResponse): boolean =>
  interim.some(({ headers }) => headers.some((name) => /^(connection|content-length|transfer-encoding)$/.test(name)))

/** What our parser makes of the first final response, and its bytes; `null` unless it is whole and no switch of protocols. */
function firstResponse(bytes: Buffer, method: string): { readonly seen: SeenResponse; readonly bytes: Buffer } | null {
  const reader = new ResponseReader(limits)
  reader.expect(method)
  reader.receive(bytes)
  reader.receiveEnd()
  try {
    const whole = reader.next()
    if (whole === null || whole.status === 101 || isKnownDifference(whole)) return null
    const { status, headers, body } = whole
    const size = bytes.length - reader.parser.buffered
    return { seen: { status, headers, body: body.toString('latin1') }, bytes: bytes.subarray(0, size) }
  } catch (error) {
    if (error instanceof ResponseFormatError) return null
    throw error
  }
}

/** Inputs of a seed, with the method of the request that they answer. */
function* inputs(
  count: number,
): Generator<{ readonly input: string; readonly method: string; readonly random: Random }> {
  const random = new Random(7)
  for (let i = 0; i < count; i++) {
    yield { input: CORPUS[i] ?? mutate(CORPUS, random), method: random.pick(METHODS), random }
  }
}

describe('damaged responses', () => {
  test('are reported alike however they are cut, without a throw', () => {
    const kinds = new Set<string>()
    for (const { input, method, random } of inputs(2000)) {
      const bytes = Buffer.from(input, 'latin1')
      const whole = collect([bytes], { limits, methods: [method] })
      const cut = random.below(bytes.length + 1)
      const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)]
      for (const each of [pieces, [...bytes].map((byte) => Buffer.of(byte))]) {
        expect(collect(each, { limits, methods: [method] }), JSON.stringify(input)).toEqual(whole)
      }
      kinds.add(whole.map((event) => (event.type === 'error' ? event.clause : event.type)).join(' '))
    }
    expect(kinds.size).toBeGreaterThan(15)
  })

  test('that are accepted mean the same to the runtime', async () => {
    let compared = 0
    for (const { input, method } of inputs(1500)) {
      if (method === 'CONNECT') continue
      const bytes = Buffer.from(input, 'latin1')
      const ours = firstResponse(bytes, method)
      if (ours === null) continue
      compared++
      expect(await responseSeenByRuntime(ours.bytes, method), JSON.stringify(input)).toEqual(ours.seen)
    }
    expect(compared).toBeGreaterThan(200)
  })
})
