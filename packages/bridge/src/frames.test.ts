import { describe, expect, it } from 'vitest'
import { FrameReader, frameHeader } from './frames.ts'

const frames = [
  { kind: 17, id: 1, payload: '200 OK' },
  { kind: 18, id: 0xffffffff, payload: 'x'.repeat(300) },
  { kind: 19, id: 2, payload: '' },
]
const bytes = Buffer.from(
  frames.map(({ kind, id, payload }) => frameHeader(payload.length, id, kind) + payload).join(''),
  'latin1',
)

describe('a frame reader', () => {
  it.each([1, 2, 8, 9, 10, 100, bytes.length])('finds the same frames in pieces of %i bytes', (size) => {
    const found: unknown[] = []
    const reader = new FrameReader((kind, id, data, start, end) => {
      found.push({ kind, id, payload: data.toString('latin1', start, end) })
    })
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
    expect(found).toEqual(frames)
  })
})
