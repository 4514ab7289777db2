import { describe, expect, it } from 'vitest'
import { blocksOf } from '../src/blocks.ts'
import { follow } from './follow-page.ts'
import { WRITTEN } from './pages.ts'

/** Pages about a checkout of this repository: their commands need it, and are those that CONTRIBUTING.md describes. */
const OF_A_CHECKOUT =
  /^(?:benchmarks|performance|security|behind-nginx|production|dialects|extend\/first-tasks|reference\/)/

const pages = WRITTEN.filter(
  ({ path, markdown }) => !OF_A_CHECKOUT.test(path) && blocksOf(markdown).commands.length > 0,
)

describe('the commands of a page', () => {
  it.each(pages)('$path print what it says', { timeout: 240_000 }, async (page) => {
    for (const { line, stdout, expected } of await follow(page)) {
      if (expected !== null) expect(stdout, line).toBe(expected)
    }
  })
})
