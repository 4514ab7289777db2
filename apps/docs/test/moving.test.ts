import { expect, it } from 'vitest'
import { flagName, OPTION_ROWS } from '../../../packages/cli/src/settings/options.ts'
import { readText } from '../src/repository.ts'

it('names no flag of TSGI that does not exist', () => {
  const flags = new Set([...OPTION_ROWS.map(([name]) => `--${flagName(name)}`), '--json'])
  const rows = [...readText('docs/guides/moving.md').matchAll(/^\| .* \| (.*) \|$/gm)]
  const named = rows.flatMap(([, cell = '']) => [...cell.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag))
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((flag) => !flags.has(flag))).toEqual([])
})
