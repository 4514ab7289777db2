/** A head costs what its bytes cost, however slowly they arrive. */
import { expect, test } from 'vitest'
import { DEFAULT_PARSER_LIMITS, RequestParser } from '../src/index.ts'

function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Processor time to parse `text` byte by byte, in microseconds: the best of several. */
function cost(text: string): number {
  const limits = { ...DEFAULT_PARSER_LIMITS, maxHeaderSize: 1e6, maxTargetSize: 1e6 }
  const bytes = Buffer.from(text, 'latin1')
  let best = Infinity
  for (let round = 0; round < 3; round++) {
    const parser = new RequestParser(limits)
    const start = processorTime()
    for (let i = 0; i < bytes.length; i++) {
      parser.receive(bytes.subarray(i, i + 1))
      if (parser.next().type === 'error') throw new Error('the head was refused')
      parser.release()
    }
    best = Math.min(best, processorTime() - start)
  }
  return best
}

test.each([
  ['a value', (length: number) => `GET / HTTP/1.1\r\nHost: a\r\nX: ${'v'.repeat(length)}`],
  ['white space before a value', (length: number) => `GET / HTTP/1.1\r\nHost: a\r\nX:${' '.repeat(length)}`],
  ['a name', (length: number) => `GET / HTTP/1.1\r\nHost: a\r\n${'n'.repeat(length)}`],
  ['a target', (length: number) => `GET /${'t'.repeat(length)}`],
])('%s that arrives byte by byte costs in proportion to its length', (_what, head) => {
  cost(head(5_000))
  // Four times the bytes: four times the cost, and sixteen if each byte were a reason to read the line again.
  expect(cost(head(80_000)) / cost(head(20_000))).toBeLessThan(9)
})
