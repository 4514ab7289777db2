import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const lockfile = readFileSync(new URL('../../../pnpm-lock.yaml', import.meta.url), 'utf8')

describe('the lockfile', () => {
  it('has the programs of macOS wherever it has those of Linux, since an install on the one may leave out the other', () => {
    const linux = [...lockfile.matchAll(/^ {2}'?([@\w/-]*?)linux-(?:x64|64)(?:-gnu)?@[\d.]+'?:/gm)].map(
      ([, name]) => name,
    )
    expect(linux.length).toBeGreaterThan(4)
    for (const name of linux) expect(lockfile).toMatch(new RegExp(`^ {2}'?${name}darwin-arm64@`, 'm'))
  })
})
