import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installFailed } from './install-failed.mjs'
import { quietly } from './quietly.mjs'
import { run } from './run.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')

/** Nothing here calls home, and nothing waits for an answer on the keyboard. */
const quiet = {
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  pnpm_config_update_notifier: 'false',
}

/** pnpm at the version that package.json names, such as `pnpm@12.21.0`; npx keeps it, and gives it a place on PATH. */
const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager

/**
 * Runs one step of the preparation after the other, all on one line. What a step printed is shown only where it fails.
 *
 * @typedef {{ title: string, args: readonly string[], failure: (code: number) => string | Promise<string> }} Step
 */
async function prepare(/** @type {readonly Step[]} */ ...steps) {
  let before = '› '
  for (const { title, args, failure } of steps) {
    const started = performance.now()
    process.stdout.write(`${before}${title} `)
    const env = { ...process.env, ...quiet }
    const { code, output } = await quietly('npx', ['--yes', pnpm, ...args], { cwd: root, env })
    process.stdout.write(`(${((performance.now() - started) / 1000).toFixed(0)} s)`)
    before = ', '
    if (code === 0) continue
    console.error(`\n${output}`)
    throw new Error(await failure(code))
  }
  console.log()
}

/** @type {Step} */
const INSTALL = {
  title: `installing with ${pnpm}, and Node for this project`,
  args: ['install', '--frozen-lockfile'],
  failure: (code) => installFailed(pnpm, root, code),
}

/** @returns {Step} */
const build = (/** @type {string[]} */ ...filters) => ({
  title: 'building',
  args: ['exec', 'turbo', 'run', 'build', '--ui=stream', '--output-logs=errors-only', '--log-prefix=task', ...filters],
  failure: () => 'The build failed; the lines above say where.',
})

async function start(/** @type {string[]} */ args) {
  await prepare(INSTALL, build('--filter=tsgi...', '--filter=./apps/mini-web...'))
  // Straight from here rather than through pnpm, so that one process stands between the terminal and the server, not four.
  return run('tsgi', ['serve', 'apps/mini-web/app.ts', '--static', 'apps/mini-web/html', ...args], {
    cwd: root,
    env: { ...process.env, PATH: bin + delimiter + process.env.PATH },
  })
}

/** @param {string} tier @param {string[]} args what `tooling/vitest/src/run.ts` takes, such as --filter */
async function test(tier, args) {
  await prepare(INSTALL, build())
  console.log(`› testing${tier === 'quick' ? '' : ` (${tier})`}`)
  // Through npx, which puts pnpm on the PATH of the tests: some pack packages with it.
  return run('npx', ['--yes', pnpm, 'exec', 'node', join(root, 'tooling', 'vitest', 'src', 'run.ts'), tier, ...args], {
    cwd: root,
    env: { ...process.env, ...quiet, PATH: bin + delimiter + process.env.PATH },
  })
}

/** @param {string[]} argv */
export async function main([command, ...args]) {
  try {
    if (!existsSync(join(root, 'pnpm-lock.yaml')))
      throw new Error(`${root} is no whole checkout: pnpm-lock.yaml is missing.`)
    if (command === 'start') process.exitCode = await start(args)
    else if (command === 'test') process.exitCode = await test('quick', args)
    else if (command === 'test:all') process.exitCode = await test('all', args)
    else if (command === 'test:slow') process.exitCode = await test('slow', args)
    else if (command === 'test:nightly') process.exitCode = await test('nightly', args)
    else throw new Error('Use: npm start, npm test, npm run test:all, or npm run test:nightly')
  } catch (error) {
    console.error(`\n${/** @type {Error} */ (error).message}\n`)
    process.exitCode = 1
  }
}
