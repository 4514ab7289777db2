import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What `node:test` says of a fixture. */
export async function run(fixture: string): Promise<string> {
  const file = fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url))
  const { NODE_OPTIONS: _options, ...env } = process.env
  const args = ['--conditions=source', '--test-reporter=tap', file]
  return await promisify(execFile)(process.execPath, args, { env, maxBuffer: 16 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout,
  )
}
