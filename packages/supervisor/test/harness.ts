/** Supervised servers for tests: in this process or in one of their own, gone when the test is over. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning, Program, until } from '@tsgi/faults'
import { afterEach, expect } from 'vitest'
import {
  type Plan,
  type Pool,
  type Slots,
  supervise,
  type SupervisedServer,
  type SuperviseOptions,
} from '../src/index.ts'

const WORKER = new URL('fixtures/worker.ts', import.meta.url)
const SERVER = new URL('fixtures/server.ts', import.meta.url)

export const SLOTS: Slots = { kind: 'slots', workers: 2, maxRequests: 0, maxRequestsJitter: 0, maxRss: 0 }
export const POOL: Pool = { kind: 'pool', spare: 2, maxProcesses: 4, turnAway: false }
const PLAN: Plan = {
  shape: SLOTS,
  bootTimeout: 10_000,
  workerTimeout: 10_000,
  graceful: 5_000,
  idleGrace: 100,
  shutdownDelay: 0,
}

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
  chmodSync(folder, 0o755)
  onTestEnd(() => rmSync(folder, { recursive: true }))
  return folder
}

/** How workers start from now on: `throw`, `exit`, `never`, `die soon`, or else a version that they tell. */
export interface Script {
  readonly path: string
  set(how: string): void
}

export function script(how = 'v1'): Script {
  const path = join(temporaryFolder(), 'script')
  const set = (text: string): void => writeFileSync(path, text)
  set(how)
  return { path, set }
}

export interface Setup {
  readonly script?: Script
  readonly plan?: Partial<Plan>
  readonly listen?: SuperviseOptions['listen']
  readonly identity?: SuperviseOptions['identity']
  readonly nodeFlags?: readonly string[]
  readonly log?: string[]
  readonly renewal?: SuperviseOptions['renewal']
}

const LOCAL = [{ host: '127.0.0.1', port: 0 }] as const

/** In this process. At the end of the test it is closed, and no worker may be left. */
export async function start(setup: Setup = {}): Promise<SupervisedServer> {
  const plan = { ...PLAN, ...setup.plan }
  const server = await supervise({
    program: WORKER,
    settings: { script: (setup.script ?? script()).path, once: plan.shape.kind === 'pool' },
    plan,
    listen: setup.listen ?? LOCAL,
    renewal: setup.renewal,
    backlog: 1_000,
    log: (level, message, fields) =>
      setup.log?.push(`${level}: ${message}${fields?.['error'] === undefined ? '' : ` ${String(fields['error'])}`}`),
    nodeFlags: ['--conditions=source', ...(setup.nodeFlags ?? [])],
    identity: setup.identity,
  })
  onTestEnd(async () => {
    const pids = await pidsOf(server)
    await server.close({ graceful: 0 })
    expect(pids.filter(isRunning)).toEqual([])
  })
  return server
}

/** In a process of its own, which obeys signals. At the end of the test no process of it may be left. */
export async function startProgram(setup: Setup = {}): Promise<Program & { readonly port: number }> {
  const plan = { ...PLAN, ...setup.plan }
  const settings = { script: (setup.script ?? script()).path, once: plan.shape.kind === 'pool' }
  const program = new Program(SERVER, {
    nodeFlags: ['--conditions=source'],
    args: [JSON.stringify({ settings, plan, listen: setup.listen ?? LOCAL })],
  })
  onTestEnd(async () => expect(await program.destroy()).toEqual([]))
  const [, addresses] = await program.said(/listening (.*)/)
  return Object.assign(program, { port: JSON.parse(addresses as string)[0].port as number })
}

export async function pidsOf(server: SupervisedServer): Promise<number[]> {
  return (await server.status()).workers.map(({ pid }) => pid ?? 0)
}

export interface Identity {
  readonly pid: number
  readonly slot: number
  readonly generation: number
  readonly version: string
  readonly uid: number
  readonly gid: number
}

/** Gives a worker an order over a new connection. @returns what it said until it, or this side after a line, closed */
export function order(target: SupervisedServer | net.NetConnectOpts, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(connectOptions(target))
    let text = ''
    socket.setEncoding('utf8')
    socket.write(`${line}\n`)
    socket.on('data', (chunk: string) => {
      text += chunk
      if (text.endsWith('\n')) socket.end()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}

/** Opens a connection, and keeps it. */
export function connect(target: SupervisedServer | net.NetConnectOpts): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(connectOptions(target))
    socket.on('connect', () => resolve(socket))
    socket.on('error', reject)
    onTestEnd(() => socket.destroy())
  })
}

export async function who(target: SupervisedServer | net.NetConnectOpts): Promise<Identity> {
  const [pid, slot, generation, version, uid, gid] = (await order(target, 'who')).trim().split(' ')
  return {
    pid: Number(pid),
    slot: Number(slot),
    generation: Number(generation),
    version: version ?? '',
    uid: Number(uid),
    gid: Number(gid),
  }
}

/** Connects until it meets a worker that fits. */
export function meet(server: SupervisedServer, fits: (worker: Identity) => boolean): Promise<Identity> {
  return until('to meet a certain worker', async () => {
    const worker = await who(server)
    return fits(worker) ? worker : null
  })
}

export function connectOptions(target: SupervisedServer | net.NetConnectOpts): net.NetConnectOpts {
  if (!('addresses' in target)) return target
  const [address] = target.addresses
  if (address === undefined) throw new Error('it listens nowhere')
  return address.family === 'unix' ? { path: address.path } : { host: address.host, port: address.port }
}
