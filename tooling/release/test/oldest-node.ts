/** Tests of this repository's packages on another Node than its own. */
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { BEYOND_OLDEST, namePattern } from '../src/beyond-oldest.ts'
import { ROOT } from '../src/packages.ts'

const run = promisify(execFile)

const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
const CONFIG = join(ROOT, 'tooling', 'vitest', 'vitest.config.ts')

/** The slower ones. */
const TIERS = ['**/*.slow.test.ts', '**/*.nightly.test.ts']

/**
 * Runs the quick tests of a package, but for those that take more than the oldest Node has.
 *
 * @param node the program
 * @param directory such as `packages/connection`
 * @param wanted matches the names of the wanted files, such as `test/a.test.ts`; default: all
 * @throws Error with the output, where a test fails
 */
export async function testOn(node: string, directory: string, wanted: RegExp = /^/): Promise<string> {
  const beyond = BEYOND_OLDEST[directory] ?? {}
  const files = globSync('{src,test}/**/*.test.ts', { cwd: join(ROOT, directory), exclude: TIERS })
    .filter((file) => wanted.test(file) && beyond.files?.[file] === undefined)
    .sort()
  const args = ['run', '--root', '.', '--config', CONFIG, '--reporter=dot', ...files]
  if (beyond.tests !== undefined) args.push('--testNamePattern', namePattern(beyond))
  const path = [dirname(node), process.env['PATH']].join(delimiter)
  const env = {
    ...process.env,
    PATH: path,
    NO_COLOR: '1',
    TEST_TIER: undefined,
    TEST_COVERAGE: undefined,
    NODE_ENV: undefined,
  }
  try {
    return (await run(node, [VITEST, ...args], { cwd: join(ROOT, directory), env, maxBuffer: 1 << 28 })).stdout
  } catch (error) {
    // What failed comes first: reports of this run may show the beginning only.
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string }
    const failed = stderr.slice(Math.max(0, stderr.indexOf(' FAIL ')))
    throw new Error(`${directory} on ${node}:\n${failed}\n${stdout}`, { cause: error })
  }
}
