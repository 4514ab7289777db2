import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { UsageError } from '../usage-error.ts'

/**
 * Sets variables from files, as `node --env-file` does: what is set already stays, and a later file wins over an earlier one.
 * Where the command was started as `node tsgi.js --env-file …`, Node has taken the flag for its own and done the same already.
 *
 * @throws UsageError where a file cannot be read
 */
export function loadEnvFiles(files: readonly string[], env: NodeJS.ProcessEnv, cwd: string): void {
  const fromFiles: Record<string, string | undefined> = {}
  for (const file of files) Object.assign(fromFiles, parseEnv(read(file, cwd)))
  for (const [name, value] of Object.entries(fromFiles)) env[name] ??= value
}

/**
 * An environment without what these files set, for a process that will read them anew. Node reads them into its environment
 * before this command begins, so what came from where can only be told by the value.
 */
export function withoutEnvFiles(env: NodeJS.ProcessEnv, files: readonly string[], cwd: string): NodeJS.ProcessEnv {
  const rest = { ...env }
  for (const file of files) {
    for (const [name, value] of Object.entries(parseEnv(read(file, cwd)))) if (rest[name] === value) delete rest[name]
  }
  return rest
}

function read(file: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'that is a folder'
          : `it cannot be read (${code})`
    throw new UsageError([`--env-file ${file}: ${why}.`], error)
  }
}
