import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { oldestNode, readHome } from '../src/home.ts'
import { type LocalRegistry, localRegistry } from '../src/local-registry.ts'
import type { Manager, Newcomer } from '../src/newcomer.ts'
import { packAll } from '../src/tarballs.ts'
import { pathWith, PNPM, upstream } from './harness.ts'

/** For what a newcomer does in one test: with an empty cache, most of it is the network. */
export const LIMIT = 300_000

/** Newcomers with the packed packages in a registry of this machine. Registers the hooks that make it and remove it. */
export function newcomers(): (node: 'current' | 'oldest', manager: Manager) => Newcomer {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-newcomers-'))
  let registry: LocalRegistry | null = null
  let paths: Readonly<Record<'current' | 'oldest', string>> = { current: '', oldest: '' }

  beforeAll(async () => {
    registry = await localRegistry(await packAll(join(folder, 'packed')), upstream())
    paths = {
      current: pathWith(join(folder, 'current'), null, PNPM),
      oldest: pathWith(join(folder, 'oldest'), oldestNode(readHome()), PNPM),
    }
  }, LIMIT)

  afterAll(async () => {
    await registry?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  return (node, manager) => ({
    manager,
    path: paths[node],
    registry: registry?.url ?? '',
    cache: join(folder, 'npm'),
  })
}
