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

const say = (/** @type {string} */ text) => console.log(`\n› ${text}`)

const viaPnpm = (/** @type {string[]} */ ...args) =>
  run('npx', ['--yes', pnpm, ...args], { cwd: root, env: { ...process.env, ...quiet } })

async function install() {
  say(`installing with ${pnpm} (Node for this project comes along; a first time takes a minute)`)
  const code = await viaPnpm('install', '--frozen-lockfile')
  if (code !== 0) throw new Error(await installFailed(pnpm, root, code))
}

async function start(/** @type {string[]} */ args) {
  await install()
  say('building the command and the example site')
  const built = await viaPnpm(
    'exec',
    'turbo',
    'run',
    'build',
    '--ui=stream',
    '--output-logs=errors-only',
    '--filter=tsgi...',
    '--filter=./apps/mini-web...',
  )
  if (built !== 0) throw new Error('The build failed; the lines above say where.')
  say('tsgi serve apps/mini-web/app.ts --static apps/mini-web/html')
  // Straight from here rather than through pnpm, so that one process stands between the terminal and the server, not four.
  return run('tsgi', ['serve', 'apps/mini-web/app.ts', '--static', 'apps/mini-web/html', ...args], {
    cwd: root,
    env: { ...process.env, PATH: bin + delimiter + process.env.PATH },
  })
}

/** One line of progress; what the step printed is shown only where it fails. */
async function step(
  /** @type {string} */ title,
  /** @type {string[]} */ args,
  /** @type {(code: number) => string | Promise<string>} */ failure,
) {
  const started = performance.now()
  process.stdout.write(`› ${title} `)
  const { code, output } = await quietly('npx', ['--yes', pnpm, ...args], {
    cwd: root,
    env: { ...process.env, ...quiet },
  })
  console.log(`(${((performance.now() - started) / 1000).toFixed(0)} s)`)
  if (code === 0) return
  console.error(output)
  throw new Error(await failure(code))
}

/** @param {string} tier @param {string[]} args what `tooling/vitest/src/run.ts` takes, such as --filter */
async function test(tier, args) {
  await step(`installing with ${pnpm}, and Node for this project`, ['install', '--frozen-lockfile'], (code) =>
    installFailed(pnpm, root, code),
  )
  await step(
    'building',
    ['exec', 'turbo', 'run', 'build', '--ui=stream', '--output-logs=errors-only', '--log-prefix=task'],
    () => 'The build failed; the lines above say where.',
  )
  console.log(`› testing${tier === 'quick' ? '' : ` (${tier})`}`)
  return run('node', [join(root, 'tooling', 'vitest', 'src', 'run.ts'), tier, ...args], {
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
