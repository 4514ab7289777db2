/** Bun and Deno, where they are installed. */
import { spawnSync } from 'node:child_process'
import type { Runtime } from '@tsgi/conformance'

export interface InstalledRuntime extends Runtime {
  readonly version: string
}

export const BUN: InstalledRuntime | undefined = find('bun', [])
export const DENO: InstalledRuntime | undefined = find('deno', ['run', '--allow-all', '--no-lock'])

function find(program: string, args: readonly string[]): InstalledRuntime | undefined {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  const [version] = /\d+\.\d+\.\d+/.exec(stdout ?? '') ?? []
  return status === 0 && version !== undefined ? { program, args, version } : undefined
}
