/** What oldest-node.slow.test.ts leaves out is there, so the lists do not outlive the tests they name. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BEYOND_OLDEST, namePattern } from '../src/beyond-oldest.ts'
import { oldestNode, readHome } from '../src/home.ts'
import { ROOT } from '../src/packages.ts'

const FAULTS = 'tooling/faults/src/**/*.ts'

describe('on the oldest Node', () => {
  test('is the one that the packages ask for', () => {
    expect(oldestNode(readHome())).toMatch(/^\d+\.\d+\.0$/)
    expect(() => oldestNode({ url: '', node: '22' })).toThrow('expected a range such as >=22.18, got 22')
  })

  test.each(Object.entries(BEYOND_OLDEST))('tests of %s that are left out exist', (directory, { files, tests }) => {
    const missing = Object.keys(files ?? {}).filter((file) => !existsSync(join(ROOT, directory, file)))
    const sources = globSync([`${directory}/{src,test}/**/*.test.ts`, FAULTS], { cwd: ROOT })
    const text = sources.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n')
    expect([...missing, ...Object.keys(tests ?? {}).filter((title) => !text.includes(title))]).toEqual([])
  })

  test('a pattern matches all titles but those that are left out', () => {
    const pattern = new RegExp(namePattern({ tests: { 'a (b)': 'a reason', 'c?': 'another' } }))
    expect(['x > a b', 'x > c', 'x'].every((title) => pattern.test(title))).toBe(true)
    expect(['x > a (b)', 'x > c? > d'].some((title) => pattern.test(title))).toBe(false)
  })
})
