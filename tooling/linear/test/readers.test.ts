import * as fields from '@tsgi/http-fields'
import * as http1 from '@tsgi/http1'
import { describe, expect, it } from 'vitest'
import { growthOf } from '../src/growth.ts'
import { FIELD_READERS, HTTP1_READERS } from '../src/readers.ts'
import { describeReaders } from './readers.ts'

describe('readers of hostile text', () => describeReaders(false))

describe('the list of readers', () => {
  it('names every export of http-fields and http1', () => {
    expect(Object.keys(FIELD_READERS).sort()).toEqual(Object.keys(fields).sort())
    expect(Object.keys(HTTP1_READERS).sort()).toEqual(Object.keys(http1).sort())
  })
})

describe('the measurement', () => {
  const compared = (text: string) => {
    const seen: string[] = []
    for (const [i, member] of text.split(',').entries()) if (!seen.includes(`${member}${i}`)) seen.push(`${member}${i}`)
  }
  it.each([
    ['a quote that is never closed', '"\\', (text: string) => text.match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g)],
    ['members compared with each other', ',', compared],
  ])('finds what tries again: %s', async (_, unit, read) => {
    expect(await growthOf(read, (length) => `${unit.repeat(length / unit.length)}x`)).toBeGreaterThan(8)
  })

  it('finds nothing in one look at each character, however slow', async () => {
    const read = (text: string) => {
      let sum = 0
      for (let i = 0; i < text.length; i++) for (let k = 0; k < 500; k++) sum += text.charCodeAt(i) ^ k
      return sum
    }
    expect(await growthOf(read, (length) => 'a'.repeat(length))).toBeNull()
  })
})
