/** Starts the process of a worker. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CompiledCode } from './compiled-code.ts'
import type { Identity } from './identity.ts'
import { orphanGuard } from './orphan-guard.ts'

/** What comes before the listening sockets among a worker's descriptors: stdin, stdout, stderr and the channel. */
const FIRST_DESCRIPTOR = 4

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

/** @throws where the system has no process or descriptor to give */
export function launch(
  { file, nodeFlags, identity }: Program,
  listening: readonly number[],
  code: CompiledCode['file'] = null,
): Launched {
  const command = [
    ...orphanGuard().prefix,
    process.execPath,
    ...nodeFlags,
    fileURLToPath(file),
    // So that a worker knows whether its supervisor died before it could ask for the signal.
    String(process.pid),
    // Where its program is found compiled: a descriptor, and a size in bytes.
    ...(code === null ? [] : [String(FIRST_DESCRIPTOR + listening.length), String(code.size)]),
  ]
  const child = spawn(command[0] as string, command.slice(1), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...listening, ...(code === null ? [] : [code.descriptor])],
    // In a group of its own: what a terminal tells the whole group, the supervisor hears and tells its workers.
    detached: true,
    ...identity,
  })
  return { child, descriptors: listening.map((_, index) => FIRST_DESCRIPTOR + index) }
}
