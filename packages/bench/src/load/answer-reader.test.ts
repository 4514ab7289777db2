import { expect, test } from 'vitest'
import type { Answer } from '../workloads/workload.ts'
import { AnswerError, AnswerReader } from './answer-reader.ts'

const WIRE = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello' +
    'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n' +
    '4\r\nab\r\n\r\n3;x=y\r\ncde\r\n0\r\nafter: all\r\n\r\n' +
    'HTTP/1.1 204 No Content\r\n\r\n' +
    'HTTP/1.0 200 OK\r\n\r\nuntil the end',
)

function read(pieces: readonly Buffer[]): { answers: Answer[]; whole: boolean } {
  const answers: Answer[] = []
  const reader = new AnswerReader((answer) => answers.push(answer))
  reader.expect(4)
  for (const piece of pieces) reader.push(Buffer.from(piece))
  return { answers, whole: reader.end() }
}

test.each([1, 2, 3, 7, 64, WIRE.length])('reads answers of each framing from pieces of %i bytes', (size) => {
  const pieces = Array.from({ length: Math.ceil(WIRE.length / size) }, (_, at) =>
    WIRE.subarray(at * size, (at + 1) * size),
  )
  const { answers, whole } = read(pieces)
  expect(answers.map(({ status, body }) => [status, body.toString()])).toEqual([
    [200, 'hello'],
    [200, 'ab\r\ncde'],
    [204, ''],
    [200, 'until the end'],
  ])
  expect(whole).toBe(true)
})

test('an answer that was cut short is none', () => {
  const { answers, whole } = read([Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel')])
  expect([answers, whole]).toEqual([[], false])
})

test.each(['SSH-2.0-x\r\n\r\n', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'])(
  '%j is refused',
  (wire) => {
    expect(() => read([Buffer.from(wire)])).toThrow(AnswerError)
  },
)
