/** The exercise application in Java, compiled at its first use. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { servlet } from '@tsgi/bridge'
import type { Observe } from '@tsgi/matrix'
import type { Application } from '@tsgi/spec'
import { observing } from '../observing.ts'

/** Debian's libtomcat10-embed-java. */
const TOMCAT = '/usr/share/java/tomcat10-embed-core.jar'
const SOURCE = fileURLToPath(new URL('ServletExercises.java', import.meta.url))

/** The version of Tomcat; `undefined` where it is missing, or a JDK. Starts no process: each file of tests asks. */
export function tomcatVersion(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  if (!existsSync(TOMCAT) || !folders.some((folder) => existsSync(join(folder, 'javac')))) return undefined
  return /(\d+\.\d+\.\d+)\.jar$/.exec(realpathSync(TOMCAT))?.[1] ?? 'unknown'
}

/** The folder of the compiled exercises. Processes that compile at once each have one of their own until it is whole. */
function classes(): string {
  const hash = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 16)
  const folder = join(tmpdir(), `tsgi-matrix-java-${hash}`)
  if (existsSync(folder)) return folder
  const own = mkdtempSync(`${folder}-`)
  const { status, stderr } = spawnSync(
    'javac',
    ['-encoding', 'UTF-8', '-proc:none', '-d', own, '-cp', TOMCAT, SOURCE],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
  try {
    renameSync(own, folder)
  } catch {
    // Another process was faster.
    rmSync(own, { recursive: true, force: true })
  }
  return folder
}

/** Makes the application, which reports in its log that a client has left. */
export default (observe: Observe): Application =>
  observing(servlet('ServletExercises', { classPath: [classes()], threads: 4 }), observe)
