import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EntryConfig } from '../src/entry.ts'

/** What became of loading: an application's kind, or the error as a user would see it. */
export type Outcome =
  | {
      readonly kind: string | null
      readonly what: string | null
      readonly export: string | null
      readonly body: unknown
      readonly also: readonly string[]
    }
  | { readonly code: string; readonly message: string; readonly cause: string | null }

const script = fileURLToPath(new URL('probe-entry.ts', import.meta.url))

/**
 * A folder with these files, and what the entry makes of a configuration in it. Loading happens in a Node of its own: inside
 * the test runner, imports are the runner's, not Node's.
 */
export class Site implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'tsgi-loader-'))

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
      const file = join(this.folder, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }

  load(config: EntryConfig | string, env: NodeJS.ProcessEnv = {}): Outcome {
    const input = JSON.stringify(typeof config === 'string' ? { reference: config } : { config })
    const args = ['--conditions=source', '--no-warnings', script, input]
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    })
    const last = stdout.trimEnd().split('\n').at(-1) ?? ''
    if (!last.startsWith('{')) throw new Error(`the probe said: ${stdout}${stderr}`)
    return JSON.parse(last) as Outcome
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true })
  }
}
