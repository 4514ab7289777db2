import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type RoomName, writeRoom } from '../src/index.ts'

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))

/** A package in a temporary folder, where its imports lead to this repository. */
export function written(room: RoomName): string {
  const parent = mkdtempSync(join(tmpdir(), 'create-tsgi-'))
  onTestFinished(() => rmSync(parent, { recursive: true }))
  const folder = join(parent, 'my-room')
  writeRoom(folder, room)
  symlinkSync(MODULES, join(folder, 'node_modules'))
  return folder
}

export interface Done {
  readonly status: number
  readonly stdout: string
}

export async function run(cwd: string, program: string, ...args: readonly string[]): Promise<Done> {
  // That of vitest would make the test runner of Node one of its own.
  const env = { ...process.env, NODE_OPTIONS: '--conditions=source', NODE_TEST_CONTEXT: undefined, FORCE_COLOR: '0' }
  return await new Promise((resolve) =>
    execFile(program, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout }),
    ),
  )
}

/** What the compiler says of sources and tests, and then of the build. */
export async function check(folder: string): Promise<string> {
  const tsc = join(MODULES, 'typescript/bin/tsc')
  const tested = await run(folder, process.execPath, tsc, '-p', 'tsconfig.test.json')
  return tested.stdout + (await run(folder, process.execPath, tsc)).stdout
}
