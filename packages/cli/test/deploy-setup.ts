/** The files of deploy/, with the ports and paths of a test. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { BIN, type Running } from './command.ts'

export const APPLICATION = {
  'app.ts': `import { word } from './word.ts'
export default async (environ, startResponse) => {
  let received = 0
  for await (const bytes of environ.input) received += bytes.length
  startResponse(200, ['content-type', 'text/plain', 'x-client', environ.remoteAddr ?? 'unknown'])
  return word + ' ' + received
}`,
  'word.ts': `export const word = 'one'`,
}

const ROOT = new URL('../../../', import.meta.url)

export const deployed = (name: string): string => readFileSync(new URL(`deploy/${name}`, ROOT), 'utf8')
export const documented = (page: string): string => readFileSync(new URL(page, ROOT), 'utf8')

export const has = (program: string): boolean => spawnSync(program, ['-h'], { stdio: 'ignore' }).error === undefined

/** Each place is in the file, so that a test never runs on one that was not replaced. */
export function withPlaces(file: string, places: Readonly<Record<string, string>>): string {
  return Object.entries(places).reduce((before, [documentedPlace, place]) => {
    if (!before.includes(documentedPlace)) throw new Error(`expected ${documentedPlace} in the file, got none`)
    return before.replaceAll(documentedPlace, place)
  }, file)
}

/** The unit, for a site in this folder. */
export const unitIn = (folder: string): string =>
  withPlaces(deployed('tsgi.service'), {
    '/usr/bin/node': process.execPath,
    '/srv/site/node_modules/tsgi/bin/tsgi.js': BIN,
    '/srv/site': folder,
    '/run/tsgi': folder,
  })

/** The command of a setting such as `ExecStart`, as systemd splits it. */
export function commandOf(unit: string, setting: string): [string, ...string[]] {
  const [program, ...args] = (new RegExp(`^${setting}=(.+)$`, 'm').exec(unit)?.[1] ?? '').split(' ')
  if (!program) throw new Error(`expected ${setting} in the unit, got none`)
  return [program, ...args]
}

/** @throws Error where it ends first */
export async function untilAnswers(proxy: Running, port: number): Promise<void> {
  while ((await answer(port)).status !== 200) {
    if (proxy.child.exitCode !== null) throw new Error(`the proxy ended: ${proxy.stderr}`)
    await sleep(20)
  }
}

/** The address that the application sees of a client that claims another one. */
export async function seenClient(port: number): Promise<string | null> {
  const headers = { forwarded: 'for=203.0.113.66', 'x-forwarded-for': '203.0.113.66' }
  return (await fetch(`http://127.0.0.1:${port}/`, { headers })).headers.get('x-client')
}

export interface Answer {
  /** 0 where there was no response, or not the whole of it. */
  readonly status: number
  /** The word of {@link APPLICATION}, and how many bytes it received. */
  readonly body: string
}

const KEPT = new http.Agent({ keepAlive: true })

export const answer = (port: number, body?: string): Promise<Answer> =>
  new Promise((resolve) => {
    const lost = (error: unknown): void => resolve({ status: 0, body: String(error) })
    const method = body === undefined ? 'GET' : 'POST'
    http
      .request({ host: '127.0.0.1', port, method, agent: KEPT }, (response) => {
        text(response).then((whole) => resolve({ status: response.statusCode ?? 0, body: whole }), lost)
      })
      .on('error', lost)
      .end(body)
  })

/** Clients that ask until they are stopped; half of the requests are POSTs. */
export class Load {
  readonly answers: (Answer & { readonly sent: number })[] = []
  #lasts = true
  readonly #clients: Promise<unknown>

  constructor(port: number) {
    const ask = async (body?: string): Promise<void> => {
      const sent = body?.length ?? 0
      while (this.#lasts) this.answers.push({ ...(await answer(port, body)), sent })
    }
    // A test that fails leaves no clients behind.
    onTestFinished(() => {
      this.#lasts = false
    })
    this.#clients = Promise.all([ask(), ask('body'), ask(), ask('body')])
  }

  /** Waits for this many answers more. */
  async more(count: number): Promise<void> {
    const enough = this.answers.length + count
    while (this.answers.length < enough) await sleep(10)
  }

  /** @returns what was not answered, or not received whole */
  async lost(): Promise<readonly Answer[]> {
    this.#lasts = false
    await this.#clients
    return this.answers.filter(({ status, body, sent }) => status !== 200 || !body.endsWith(` ${sent}`))
  }
}

/** What haproxy.cfg says that each host runs, without `tsgi`. */
export function hostCommand(): string[] {
  const command = /^# {3}tsgi (serve .+)$/m.exec(deployed('haproxy.cfg'))?.[1]
  if (command === undefined) throw new Error('haproxy.cfg does not say what a host runs')
  return command.split(' ')
}
