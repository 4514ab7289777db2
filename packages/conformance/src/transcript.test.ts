import { expect, test } from 'vitest'
import { Transcript, visible } from './transcript.ts'

test('shows every CR, LF and control byte', () => {
  expect(visible(Buffer.from('a\r\nb\nc\rd\0\xff', 'latin1'))).toEqual(['a␍␊', 'b␊', 'c␍d\\x00\\xff'])
})

test('joins what was sent in pieces, and cuts what is long', () => {
  const transcript = new Transcript()
  const connection = transcript.open()
  transcript.bytes('sent', connection, Buffer.from('GET '))
  transcript.bytes('sent', connection, Buffer.from('/'))
  transcript.bytes('received', connection, Buffer.alloc(10_000, 'x\n'))
  expect(transcript.toString()).toMatch(/^→ GET \/\n← x␊\n/)
  expect(transcript.toString()).toContain('← … 5904 more bytes')
})

test('numbers connections where there are several', () => {
  const transcript = new Transcript()
  transcript.bytes('sent', transcript.open(), Buffer.from('a'))
  transcript.bytes('sent', transcript.open(), Buffer.from('b'))
  expect(transcript.toString()).toBe('1 → a\n2 → b')
})
