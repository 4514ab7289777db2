import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Tarball } from './tarballs.ts'

const run = promisify(execFile)

/** Every way to import a package, but for patterns such as `./applications/*`. */
export const entries = ({ manifest }: Tarball): readonly string[] =>
  Object.keys(manifest.exports ?? {})
    .filter((path) => !path.includes('*'))
    .map((path) => manifest.name + path.slice(1))

/**
 * Installs all packages in an empty project, imports every entry, and compiles a program that imports every entry under the
 * strictest settings, in both resolutions.
 *
 * @throws Error of the step that fails
 */
export async function tryAsConsumer(tarballs: readonly Tarball[], folder: string, registry: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const env = { ...process.env, npm_config_registry: registry, npm_config_cache: join(folder, '.npm') }
  const command = async (program: string, ...args: string[]): Promise<string> =>
    (await run(program, args, { cwd: folder, env, maxBuffer: 1 << 26, shell: process.platform === 'win32' })).stdout
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n')
  const names = tarballs.map(({ manifest }) => manifest.name)
  await command('npm', 'install', '--no-audit', '--no-fund', ...names, ...TYPES)
  const all = tarballs.flatMap(entries)
  const lines = all.map((name, at) => `import * as entry${at} from '${name}'`)
  writeFileSync(
    join(folder, 'all.ts'),
    `${lines.join('\n')}\nexport default [${all.map((_, at) => `entry${at}`).join(', ')}]\n`,
  )
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    await command(
      'npx',
      'tsc',
      '--ignoreConfig',
      ...STRICT,
      '--module',
      module,
      '--moduleResolution',
      moduleResolution,
      'all.ts',
    )
  }
  await command('npx', 'tsgi', '--version')
}

/** What types of the packages refer to: optional peers of theirs. */
const TYPES = ['typescript', '@types/node', 'vitest']

const STRICT = [
  ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
  ['--skipLibCheck', 'false', '--target', 'es2024', '--types', 'node'],
].flat()
