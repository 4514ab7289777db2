/** A server under test, in a process of its own, with the application that misbehaves on request. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address, Json, ListenTarget } from '@tsgi/spec/server'
import { afterEach, expect } from 'vitest'
import { Client, type Response, targetOf } from './client.ts'
import { childrenOf } from './processes.ts'
import { Program, type ProgramOptions } from './program.ts'

/** Which server. */
export interface Subject {
  readonly name: 'event-loop' | 'cluster' | 'process'
  /** The built module. */
  readonly server: string
  /** What a test of it needs, such as few workers; a row's own options come on top. */
  readonly options: { readonly [name: string]: Json }
}

export interface Setup extends ProgramOptions {
  readonly options?: { readonly [name: string]: Json }
  readonly app?: Json
  /** How the application starts. Default: `v1`. */
  readonly script?: string
  readonly listen?: readonly ListenTarget[]
}

export interface Who {
  readonly pid: number
  readonly worker: string
  readonly version: string
  readonly server: string
  readonly multiprocess: boolean
  readonly multithread: boolean
  readonly runOnce: boolean
  readonly uid: number
}

const RUN_SERVER = new URL('programs/run-server.ts', import.meta.url)
const APPLICATION = new URL('programs/application.ts', import.meta.url)

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

export function onTestEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup)
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-'))
  // Workers may run as somebody else.
  chmodSync(folder, 0o777)
  onTestEnd(() => rmSync(folder, { recursive: true }))
  return folder
}

export class ServerUnderTest extends Program {
  address!: Address
  readonly #folder: string

  constructor(subject: Subject, setup: Setup, folder: string) {
    const { server } = subject
    const app = setup.app ?? {
      module: APPLICATION.href,
      config: { script: join(folder, 'script'), journal: join(folder, 'journal') },
    }
    const options = {
      listen: setup.listen ?? [{ host: '127.0.0.1', port: 0 }],
      ...merge(subject.options, setup.options ?? {}),
    }
    super(RUN_SERVER, { ...setup, args: [JSON.stringify({ server, app, options })] })
    this.#folder = folder
  }

  /** How the application starts from now on. */
  set script(how: string) {
    writeFileSync(join(this.#folder, 'script'), how)
  }

  /** What the application saw. */
  get journal(): string {
    return readFileSync(join(this.#folder, 'journal'), 'utf8')
  }

  get target(): net.NetConnectOpts {
    return targetOf(this.address)
  }

  /** Processes that serve. */
  get workers(): readonly number[] {
    return childrenOf(this.pid)
  }

  connect(): Client {
    const client = new Client(this.target)
    onTestEnd(() => client.close())
    return client
  }

  /** One request on a connection of its own. */
  async get(path: string): Promise<Response> {
    const client = this.connect()
    try {
      return await client.get(path, 'connection: close').response()
    } finally {
      client.close()
    }
  }

  async who(): Promise<Who> {
    return JSON.parse((await this.get('/who')).body) as Who
  }
}

/** Not waited for: it may be meant to fail. */
export function launch(subject: Subject, setup: Setup = {}): ServerUnderTest {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'journal'), '', { mode: 0o666 })
  chmodSync(join(folder, 'journal'), 0o666)
  writeFileSync(join(folder, 'script'), setup.script ?? 'v1')
  const server = new ServerUnderTest(subject, setup, folder)
  onTestEnd(async () => expect(await server.destroy(), 'processes that were left').toEqual([]))
  return server
}

/** Serving. At the end of the test it is ended, and no process of it may be left. */
export async function serve(subject: Subject, setup: Setup = {}): Promise<ServerUnderTest> {
  const server = launch(subject, setup)
  const [, addresses] = await server.said(/^listening (.*)$/m, 18_000)
  server.address = (JSON.parse(addresses as string) as readonly Address[])[0] as Address
  return server
}

/** Options within options are merged too: `timeouts`, `limits`. */
function merge(
  base: { readonly [name: string]: Json },
  more: { readonly [name: string]: Json },
): { [name: string]: Json } {
  const merged = { ...base }
  for (const [name, value] of Object.entries(more)) {
    const before = merged[name]
    merged[name] = isObject(before) && isObject(value) ? merge(before, value) : value
  }
  return merged
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
