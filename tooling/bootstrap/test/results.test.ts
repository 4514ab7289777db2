import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WORKSPACE, clearResults, closingLine, countResults, testedFolders } from '../results.mjs'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tsgi-bootstrap-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function put(path: string, content: unknown) {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(content))
}

const tested = { scripts: { test: 'vitest run' } }
const report = (passed: number, failed = 0, skipped = 0, testResults: unknown[] = []) => ({
  success: failed === 0 && testResults.length === 0,
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: skipped,
  numTodoTests: 0,
  testResults,
})

describe('the closing line of npm test', () => {
  it('sums what every package reports', () => {
    put('packages/a/package.json', tested)
    put('packages/a/test-results/vitest.json', report(3, 0, 1))
    put('test-matrix/package.json', tested)
    put('test-matrix/test-results/vitest.json', report(4, 2))
    const results = countResults(testedFolders(root))
    expect(closingLine(results)).toBe('7 passed, 2 failed, 1 skipped')
  })

  it('comes after what failed, and why', () => {
    put('packages/a/package.json', tested)
    put(
      'packages/a/test-results/vitest.json',
      report(1, 1, 0, [
        {
          name: join(process.cwd(), 'test/a.test.ts'),
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'a works', failureMessages: [] },
            { status: 'failed', fullName: 'a fails', failureMessages: ['Error: expected 1\n    at a.test.ts:3'] },
          ],
        },
        {
          name: join(process.cwd(), 'test/b.test.ts'),
          status: 'failed',
          message: 'no such module',
          assertionResults: [],
        },
      ]),
    )
    expect(countResults(testedFolders(root)).failures).toEqual([
      'test/a.test.ts > a fails\n    Error: expected 1\n        at a.test.ts:3',
      'test/b.test.ts: cannot be loaded\n    no such module',
    ])
  })

  it('does not count what a removed package, or one without tests, left behind', () => {
    put('packages/removed/test-results/vitest.json', report(9))
    put('packages/untested/package.json', { scripts: {} })
    put('packages/untested/test-results/vitest.json', report(9))
    expect(closingLine(countResults(testedFolders(root)))).toBe('0 passed, 0 failed, 0 skipped')
  })

  it('names a package that reports nothing', () => {
    put('packages/a/package.json', tested)
    expect(countResults(testedFolders(root))).toMatchObject({ silent: [expect.stringContaining('packages/a')] })
  })

  it('counts a test file that cannot be loaded as a failure', () => {
    put('packages/a/package.json', tested)
    put(
      'packages/a/test-results/vitest.json',
      report(1, 0, 0, [{ name: join(root, 'a.test.ts'), status: 'failed', assertionResults: [] }]),
    )
    expect(countResults(testedFolders(root))).toMatchObject({ passed: 1, failed: 1 })
  })

  it('counts a run that failed for another reason as a failure', () => {
    put('packages/a/package.json', tested)
    put('packages/a/test-results/vitest.json', { ...report(1), success: false })
    expect(countResults(testedFolders(root))).toMatchObject({ passed: 1, failed: 1 })
  })

  it('forgets the last run', () => {
    put('packages/a/package.json', tested)
    put('packages/a/test-results/vitest.json', report(3))
    const folders = testedFolders(root)
    clearResults(folders)
    expect(countResults(folders).passed).toBe(0)
  })
})

it('looks where pnpm-workspace.yaml looks', () => {
  const yaml = readFileSync(new URL('../../../pnpm-workspace.yaml', import.meta.url), 'utf8')
  const listed = /^packages:\n((?: {2}- .*\n)+)/.exec(yaml)?.[1]?.trim().split(/\s*- /).filter(Boolean)
  expect(listed).toEqual(WORKSPACE)
})
