import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Where the packages are; as in pnpm-workspace.yaml, which a test compares. */
export const WORKSPACE = ['packages/*', 'apps/*', 'tooling/*', 'test-matrix']

/**
 * Folders of the packages that exist now and have tests to run, so that what a removed package left behind counts for
 * nothing.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function testedFolders(root) {
  return WORKSPACE.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [join(root, pattern)]
    const parent = join(root, pattern.slice(0, -2))
    return existsSync(parent)
      ? readdirSync(parent)
          .sort()
          .map((name) => join(parent, name))
      : []
  }).filter((folder) => {
    const manifest = join(folder, 'package.json')
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test !== undefined
  })
}

const resultsOf = (/** @type {string} */ folder) => join(folder, 'test-results', 'vitest.json')

/** Forgets the last run, so that a run that breaks off cannot pass for its predecessor. */
export function clearResults(/** @type {string[]} */ folders) {
  for (const folder of folders) rmSync(resultsOf(folder), { force: true })
}

/**
 * `failures`: a line for each, with what the test said. `silent`: packages that left no results, which is a failure where
 * they were to run.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[], silent: string[] }} Results
 */

/**
 * @param {string[]} folders
 * @returns {Results}
 */
export function countResults(folders) {
  const results = {
    passed: 0,
    failed: 0,
    skipped: 0,
    failures: /** @type {string[]} */ ([]),
    silent: /** @type {string[]} */ ([]),
  }
  for (const folder of folders) {
    const report = readReport(resultsOf(folder))
    if (report === null) {
      results.silent.push(relative(process.cwd(), folder))
      continue
    }
    results.passed += report.numPassedTests
    results.skipped += report.numPendingTests + report.numTodoTests
    // A file that cannot be loaded has no failed test, yet the run failed.
    const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    results.failed += report.numFailedTests + broken.length
    results.failures.push(...failuresOf(report))
    if (report.success || report.numFailedTests + broken.length > 0) continue
    results.failed++
    results.failures.push(`${relative(process.cwd(), folder)}: the run failed outside of its tests`)
  }
  return results
}

/** Where, which, and why: the first lines of what it said, which are those that tell. */
function failuresOf(/** @type {Report} */ { testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const where = relative(process.cwd(), name)
    if (status === 'failed' && assertionResults.length === 0)
      return [`${where}: cannot be loaded\n${excerpt(message ?? '')}`]
    return assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => `${where} > ${test.fullName}\n${excerpt(test.failureMessages.join('\n'))}`)
  })
}

const excerpt = (/** @type {string} */ text) =>
  text
    .split('\n')
    .slice(0, 8)
    .map((line) => `    ${line.slice(0, 240)}`)
    .join('\n')

/**
 * @typedef {{ status: string, fullName: string, failureMessages: string[] }} TestReport
 * @typedef {{ name: string, status: string, message?: string, assertionResults: TestReport[] }} FileReport
 * @typedef {{ success: boolean, numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: FileReport[] }} Report
 * @returns {Report | null}
 */
function readReport(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** The last line of `npm test`, for people and for scripts. */
export const closingLine = (/** @type {Results} */ { passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`
