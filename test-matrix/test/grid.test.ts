/** The grid that is kept, and the summary of it in the README, are made from the same counts. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type GridCounts, gridSummary, gridTable, tableIn } from '@tsgi/matrix'
import { describe, expect, test } from 'vitest'
import { NODE_HOSTS, RUNTIME_HOSTS } from '../hosts/columns.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const grid = JSON.parse(readFileSync(at('../grid.json'), 'utf8')) as GridCounts
const AGAIN = 'made by other counts than grid.json has: run pnpm matrix'

describe('the grid', () => {
  test('is that of its counts', () => {
    expect(tableIn(at('../GRID.md')), AGAIN).toBe(gridTable(grid))
  })

  test('has a summary in the README that is of the same counts and fits one screen', () => {
    const summary = gridSummary(grid)
    expect(tableIn(at('../../README.md')), AGAIN).toBe(summary)
    expect(summary.split('\n').length).toBeLessThan(40)
  })

  test('has all servers of others, and each of its cells passes', () => {
    expect(grid.hosts).toEqual([...NODE_HOSTS, ...RUNTIME_HOSTS].map(({ name }) => name))
    const failing = [...grid.cells, ...grid.kit].filter(({ passed, asked }) => passed < asked)
    expect(failing).toEqual([])
  })
})
