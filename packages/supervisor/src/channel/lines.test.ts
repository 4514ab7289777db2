import { describe, expect, it } from 'vitest'
import { lineReader } from './lines.ts'

describe('lines', () => {
  it('are the same however they arrive', () => {
    const text = Buffer.from('first\n\nthird with ünïcödé 🎈\nand the rest')
    for (let size = 1; size <= text.length; size++) {
      const lines: string[] = []
      const read = lineReader((line) => lines.push(line))
      for (let at = 0; at < text.length; at += size) expect(read(text.subarray(at, at + size))).toBe(true)
      expect(lines).toEqual(['first', '', 'third with ünïcödé 🎈'])
      read(Buffer.from('\n'))
      expect(lines.at(-1)).toBe('and the rest')
    }
  })

  it.each([1, 3, 100])('over the limit are refused, in pieces of %i', (size) => {
    const lines: string[] = []
    const read = lineReader((line) => lines.push(line), 10)
    const feed = (text: string): boolean => {
      for (let at = 0; at < text.length; at += size) if (!read(Buffer.from(text.slice(at, at + size)))) return false
      return true
    }
    expect(feed(`${'x'.repeat(10)}\n`)).toBe(true)
    expect(lines).toEqual(['x'.repeat(10)])
    expect(feed(`${'x'.repeat(11)}\n`)).toBe(false)
    expect(lines).toHaveLength(1)
  })

  it('that arrive byte by byte cost in proportion to their length', () => {
    let copied = 0
    const original = Buffer.prototype.copy
    Buffer.prototype.copy = function (this: Buffer, ...args: Parameters<typeof original>) {
      const count = original.apply(this, args)
      copied += count
      return count
    }
    try {
      const read = lineReader(() => {})
      const byte = Buffer.from('x')
      for (let i = 0; i < 100_000; i++) read(byte)
    } finally {
      Buffer.prototype.copy = original
    }
    expect(copied).toBeLessThan(400_000)
  })
})
