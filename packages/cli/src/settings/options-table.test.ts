import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { optionsTable } from './options-table.ts'

it('is the table in the README; pnpm --filter tsgi docs writes it', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  expect(/<!-- options -->\n\n([^]*)\n<!-- end of options -->/.exec(readme)?.[1]).toBe(optionsTable())
})
