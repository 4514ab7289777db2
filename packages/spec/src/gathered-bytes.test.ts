import { describe, expect, test } from 'vitest'
import { GatheredBytes } from './gathered-bytes.ts'

const filled = (length: number, from: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (from + i) % 251)

describe('GatheredBytes', () => {
  test('gives the bytes of pieces of every size in their order, in memory of their own', () => {
    const gathered = new GatheredBytes()
    let length = 0
    for (const size of [1, 0, 255, 1, 5000, 3, 4095, 4096, 70_000, 2]) {
      gathered.add(filled(size, length))
      length += size
      expect(gathered.length).toBe(length)
    }
    const bytes = gathered.take()
    expect(bytes).toEqual(filled(length, 0))
    expect(bytes.buffer.byteLength).toBe(length)
    expect(gathered.length).toBe(0)
    expect(gathered.take()).toEqual(new Uint8Array(0))
  })

  test('gives a single piece as it is, but never a view of more memory', () => {
    const gathered = new GatheredBytes()
    const piece = filled(100, 0)
    gathered.add(piece)
    expect(gathered.take()).toBe(piece)
    gathered.add(piece.subarray(10, 20))
    const bytes = gathered.take()
    expect(bytes).toEqual(filled(10, 10))
    expect(bytes.buffer.byteLength).toBe(10)
  })

  test('keeps a million pieces of one byte in less than four megabytes', () => {
    const gathered = new GatheredBytes()
    const { arrayBuffers, heapUsed } = process.memoryUsage()
    for (let i = 0; i < 2 ** 20; i++) gathered.add(Uint8Array.of(i))
    const after = process.memoryUsage()
    const bytes = gathered.take()
    expect(bytes.length).toBe(2 ** 20)
    expect(bytes[2 ** 20 - 1]).toBe(255)
    // What is garbage already counts on the heap; what is kept would be there too.
    expect(after.arrayBuffers - arrayBuffers).toBeLessThan(4 * 2 ** 20)
    expect(after.heapUsed - heapUsed).toBeLessThan(64 * 2 ** 20)
  })
})
