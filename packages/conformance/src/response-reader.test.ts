import { expect, test } from 'vitest'
import { Mismatch } from './mismatch.ts'
import { type ByteSource, readResponse, type WireResponse } from './response-reader.ts'

/** Gives the text in pieces of one size, then ends. */
function source(text: string, piece = text.length): ByteSource {
  const bytes = Buffer.from(text, 'latin1')
  let arrived = 0
  let unread: Buffer = Buffer.alloc(0)
  return {
    broken: false,
    take() {
      const taken = unread
      unread = Buffer.alloc(0)
      return taken
    },
    putBack: (rest) => void (unread = rest),
    more: () => {
      unread = bytes.subarray(arrived, arrived + piece)
      arrived += unread.length
      return Promise.resolve(unread.length > 0)
    },
  }
}

const read = (text: string, method = 'GET', piece?: number): Promise<WireResponse> =>
  readResponse(source(text, piece), method)

const clauseOf = async (text: string): Promise<string | undefined> => {
  const error: unknown = await read(text).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Mismatch)) throw new Error('it was read')
  return error.clause
}

test.each([1, 2, 3, 7, 1000])('reads chunks, trailers and interim answers, %i bytes at a time', async (piece) => {
  const text =
    'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n' +
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\nx-sum: 1\r\n\r\n'
  const response = await read(text, 'GET', piece)
  expect(response).toMatchObject({ status: 200, framing: 'chunked', trailers: [['x-sum', '1']] })
  expect(response.text).toBe('abc0123456789')
  expect(response.interim.map(({ status }) => status)).toEqual([103])
})

test('reads no body after HEAD, 204 and 304', async () => {
  expect((await read('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n', 'HEAD')).framing).toBe('none')
  expect((await read('HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n')).framing).toBe('none')
})

test.each([
  ['HTTP/1.1 200 OK\ncontent-length: 0\r\n\r\n', 'RFC 9112 §4'],
  ['HTP/1.1 200 OK\r\n\r\n', 'RFC 9112 §4'],
  ['HTTP/1.1 20 OK\r\n\r\n', 'RFC 9112 §4'],
  ['HTTP/1.1 200 OK\r\na : b\r\n\r\n', 'RFC 9112 §5'],
  ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\nx', 'RFC 9112 §6.3'],
  ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\nx', 'RFC 9112 §6.3'],
  ['HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 'RFC 9112 §6.3'],
  ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n', 'RFC 9112 §7.1'],
  ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nxy\r\n', 'RFC 9112 §7.1'],
  ['HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc', 'RFC 9112 §8'],
  ['HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n', 'RFC 9110 §8.6'],
])('tells what is wrong with %j', async (text, clause) => {
  expect(await clauseOf(text)).toBe(clause)
})
