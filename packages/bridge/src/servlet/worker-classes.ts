import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BridgeError } from '../bridge-error.ts'
import { compileWorker, sourcesOfWorker } from './compile-worker.ts'

/** Where the build of this package leaves the classes of the worker, if it finds a JDK and Tomcat. */
export const BUILT: string = fileURLToPath(new URL('../../dist/java', import.meta.url))

/** In the folder of the classes. */
const MAIN = join('tsgi', 'worker', 'Main.class')

/**
 * The folder with the worker's classes: those of the package, else those that were compiled here before; else they are
 * compiled now, which takes some seconds.
 *
 * @param java an absolute path of the program, beside which its compiler is
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER` where there is no compiler
 */
export function workerClasses(java: string, tomcat: readonly string[]): string {
  if (existsSync(join(BUILT, MAIN))) return BUILT
  const hash = createHash('sha256')
  for (const file of sourcesOfWorker()) hash.update(readFileSync(file))
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tsgi')
  const folder = join(cache, `servlet-worker-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(join(folder, MAIN))) return folder
  mkdirSync(cache, { recursive: true })
  // Under a name of its own first: several processes may compile at once, and none must see half of it.
  const own = mkdtempSync(`${folder}-`)
  try {
    const failure = compileWorker(join(dirname(java), 'javac'), tomcat, own)
    if (failure !== null) throw notCompiled(java, failure)
    if (!existsSync(join(folder, MAIN))) renameSync(own, folder)
    return folder
  } catch (error) {
    if (existsSync(join(folder, MAIN))) return folder
    throw error
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

const notCompiled = (java: string, failure: string) =>
  new BridgeError(
    'TSGI_ERR_BRIDGE_INTERPRETER',
    failure.includes('ENOENT')
      ? `This @tsgi/bridge was built without its worker for Java, and ${java} has no compiler beside it.\nInstall a JDK (Debian: apt-get install default-jdk-headless), or name one: --java, or the variable JAVA_HOME.`
      : `The worker for Java cannot be compiled:\n${failure}`,
  )
