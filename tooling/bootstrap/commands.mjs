import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installFailed } from './install-failed.mjs'
import { clearResults, closingLine, countResults, testedFolders } from './results.mjs'
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

async function test(/** @type {string[]} */ args) {
  await install()
  const folders = testedFolders(root)
  clearResults(folders)
  say(`testing ${folders.length} packages (what has not changed since it last passed is not run again)`)
  const code = await viaPnpm(
    'exec',
    'turbo',
    'run',
    'test',
    '--ui=stream',
    '--output-logs=new-only',
    '--continue=dependencies-successful',
    // One package at a time: each has all processors for its files, and those that measure time or load have no neighbours.
    '--concurrency=1',
    ...args,
  )
  const results = countResults(folders)
  // With arguments, such as --filter, only a part was to run.
  if (args.length === 0) {
    for (const folder of results.silent) console.log(`${folder}: no test results; it counts as one failure`)
    results.failed += results.silent.length
  }
  for (const failure of results.failures) console.log(`\n✗ ${failure}`)
  console.log(`\n${closingLine(results)}`)
  return code === 0 && results.failed === 0 && results.passed > 0 ? 0 : 1
}

/** @param {string[]} argv */
export async function main([command, ...args]) {
  try {
    if (!existsSync(join(root, 'pnpm-lock.yaml')))
      throw new Error(`${root} is no whole checkout: pnpm-lock.yaml is missing.`)
    if (command === 'start') process.exitCode = await start(args)
    else if (command === 'test') process.exitCode = await test(args)
    else throw new Error('Use: npm start, or npm test')
  } catch (error) {
    console.error(`\n${/** @type {Error} */ (error).message}\n`)
    process.exitCode = 1
  }
}
