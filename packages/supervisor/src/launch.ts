/** Starts the process of a worker. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CompiledCode } from './compiled-code.ts'
import type { Identity } from './identity.ts'
import { orphanGuard } from './orphan-guard.ts'

/** What each worker has: stdin, stdout, stderr, and its channel, a pipe for each way (see `messages.ts`). */
const STREAMS = ['ignore', 'inherit', 'inherit', 'pipe', 'pipe'] as const

export interface Program {
  readonly file: URL
  readonly nodeFlags: readonly string[]
  readonly identity: Identity | null
}

export interface Launched {
  readonly child: ChildProcess
  /** Of the listening sockets, as the child has them. */
  readonly descriptors: readonly number[]
}

export interface Inherited {
  readonly listening: readonly number[]
  /** Whether listening sockets may be sent to it later. */
  readonly takesSockets: boolean
  /** The program as an earlier process compiled it. */
  readonly code: CompiledCode['file']
}

/** @throws where the system has no process or descriptor to give */
export function launch({ file, nodeFlags, identity }: Program, { listening, takesSockets, code }: Inherited): Launched {
  const streams = [...STREAMS, ...(takesSockets ? (['ipc'] as const) : [])]
  const command = [
    ...orphanGuard().prefix,
    process.execPath,
    // USR1 may be sent to all processes alike; Node would open its inspector, for anybody on this machine.
    '--disable-sigusr1',
    ...nodeFlags,
    fileURLToPath(file),
    // So that a worker knows whether its supervisor died before it could ask for the signal.
    String(process.pid),
    // Where its program is found compiled: a descriptor, and a size in bytes.
    ...(code === null ? [] : [String(streams.length + listening.length), String(code.size)]),
  ]
  const child = spawn(command[0] as string, command.slice(1), {
    stdio: [...streams, ...listening, ...(code === null ? [] : [code.descriptor])],
    // In a group of its own: what a terminal tells the whole group, the supervisor hears and tells its workers.
    detached: true,
    ...identity,
  })
  return { child, descriptors: listening.map((_, index) => streams.length + index) }
}
