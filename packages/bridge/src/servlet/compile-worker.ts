import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCES = fileURLToPath(new URL('../../workers/java', import.meta.url))

/** The oldest Java that runs it. */
const RELEASE = '17'

export const sourcesOfWorker = (): readonly string[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.java'))
    .toSorted()
    .map((name) => join(SOURCES, name))

/**
 * Compiles the worker.
 *
 * @param tomcat jars to compile it with
 * @param folder where the classes are written; it is made where it is missing
 * @returns what the compiler says where it does not succeed, else `null`
 */
export function compileWorker(javac: string, tomcat: readonly string[], folder: string): string | null {
  const { error, status, stderr } = spawnSync(
    javac,
    [
      '--release',
      RELEASE,
      '-encoding',
      'UTF-8',
      '-proc:none',
      '-nowarn',
      '-d',
      folder,
      '-cp',
      tomcat.join(delimiter),
      ...sourcesOfWorker(),
    ],
    { encoding: 'utf8' },
  )
  if (error !== undefined) return error.message
  return status === 0 ? null : stderr
}
