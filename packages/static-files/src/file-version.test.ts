import { describe, expect, it } from 'vitest'
import { isFresh, sameVersion } from './file-version.ts'

const version = { dev: 1n, ino: 2n, size: 3n, mtimeNs: 4n, ctimeNs: 5n }

it.each(['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const)('a file with another %s is another version', (field) => {
  expect(sameVersion(version, { ...version })).toBe(true)
  expect(sameVersion(version, { ...version, [field]: 9n })).toBe(false)
})

it('tells inode numbers apart that a double cannot', () => {
  expect(sameVersion({ ...version, ino: 2n ** 60n }, { ...version, ino: 2n ** 60n + 1n })).toBe(false)
})

describe('isFresh', () => {
  const at = (seconds: number) => ({ ...version, mtimeNs: BigInt(seconds) * 1_000_000_000n })
  it.each([
    [100, 100_000, true],
    [100, 101_999, true],
    [100, 102_000, false],
    [100, 99_999, false],
  ])('a file of second %d at millisecond %d: %s', (seconds, now, fresh) => {
    expect(isFresh(at(seconds), now)).toBe(fresh)
  })
})
