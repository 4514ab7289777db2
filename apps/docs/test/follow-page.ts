/** Does what a page says: writes its files, and runs its commands with the packages of this checkout. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blocksOf } from '../src/blocks.ts'
import type { Page } from '../src/page.ts'

const HERE = fileURLToPath(new URL('..', import.meta.url))

/** What a newcomer does with a registry: the tests of tooling/release follow those, in a folder of their own. */
const WITH_A_REGISTRY = /^(?:npm|pnpm|git|cd)\b/

/** They end when they are stopped. */
const SERVES = /^npx tsgi (?:serve|dev)\b/

/** Programs of other languages that are not everywhere. */
const NEEDS = [
  { command: /\.py\b|python:/, program: ['python3', '--version'] },
  { command: /\.ru\b/, program: ['ruby', '-e', 'require "rack"'] },
] as const

/** Why a command cannot run here. */
export function cannotRun(line: string): string | undefined {
  const missing = NEEDS.find(
    ({ command, program: [name, ...args] }) => command.test(line) && spawnSync(name, args).status !== 0,
  )
  return missing === undefined ? undefined : `skipped: no ${missing.program[0]} for ${line}`
}

export interface Ran {
  readonly line: string
  readonly stdout: string
  readonly expected: string | null
}

/** @throws Error for the first command that fails, with its output */
export async function follow({ path, markdown }: Page): Promise<readonly Ran[]> {
  const { files, commands } = blocksOf(markdown)
  const folder = join(HERE, 'blocks', `${path.replaceAll('/', '-')}-${crypto.randomUUID()}`)
  try {
    for (const { name, content } of [{ name: 'package.json', content: '{ "type": "module" }\n' }, ...files]) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    const ran: Ran[] = []
    for (const { lines, output } of commands) {
      let stdout = ''
      for (const line of lines) {
        if (WITH_A_REGISTRY.test(line)) continue
        const why = cannotRun(line)
        if (why === undefined) stdout += SERVES.test(line) ? await served(line, folder) : await success(line, folder)
        else {
          console.warn(why)
          stdout = output ?? ''
        }
      }
      ran.push({ line: lines.join('\n'), stdout, expected: output })
    }
    return ran
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const start = (line: string, cwd: string) =>
  spawn('sh', ['-c', SERVES.test(line) ? `exec ${line.replace('npx ', '')}` : line.replaceAll('npx ', '')], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: [join(HERE, 'node_modules', '.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
      // Examples serve on port 3000, which others may have here.
      TSGI_PORT: '0',
      NODE_ENV: undefined,
      VITEST: undefined,
      NODE_OPTIONS: undefined,
      NO_COLOR: '1',
      NODE_NO_WARNINGS: '1',
    },
  })

async function success(line: string, cwd: string): Promise<string> {
  const child = start(line, cwd)
  let stdout = ''
  let all = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    all += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (all += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${line}: exited with ${code}\n${all}`)
  return stdout
}

/** Serves, answers one request, and stops in order. */
async function served(line: string, cwd: string): Promise<string> {
  const child = start(line, cwd)
  let output = ''
  const listening = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)?.[0]
      if (url !== undefined) listening.resolve(url)
    })
  }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  void ended.then((code) => listening.reject(new Error(`${line}: ended with ${code}\n${output}`)))
  try {
    const response = await fetch(await listening.promise, { headers: { connection: 'close' } })
    await response.body?.cancel()
    if (response.status >= 500) throw new Error(`${line}: answers ${response.status}\n${output}`)
  } finally {
    child.kill('SIGTERM')
    await ended
  }
  return ''
}
