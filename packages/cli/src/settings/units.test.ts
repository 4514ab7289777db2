import { describe, expect, it } from 'vitest'
import { formatDuration, formatSize, parseDuration, parseSize } from './units.ts'

describe('times', () => {
  it.each([
    ['0', 0],
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('reads %s', (text, expected) => expect(parseDuration(text)).toBe(expected))

  it.each(['', '30', '-1s', '1 s', 's', '1d', '1e3s', '1s2'])('refuses %j', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  )

  it.each([0, 250, 30_000, 1500])('writes %d so that it reads back', (value) =>
    expect(parseDuration(formatDuration(value))).toBe(value),
  )
})

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['500', 500],
    ['16KiB', 16_384],
    ['16kib', 16_384],
    ['16k', 16_384],
    ['16kB', 16_000],
    ['1.5 MiB', 1_572_864],
    ['2GB', 2_000_000_000],
    ['10B', 10],
  ])('reads %s', (text, expected) => expect(parseSize(text)).toBe(expected))

  it.each(['', '-1', '1TB', 'KiB', '1e3', '0x10', '1ki'])('refuses %j', (text) =>
    expect(parseSize(text)).toBeUndefined(),
  )

  it.each([0, 500, 16_384, 134_217_728, 1000])('writes %d so that it reads back', (value) =>
    expect(parseSize(formatSize(value))).toBe(value),
  )
})
