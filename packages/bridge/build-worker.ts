/** Compiles the worker for Java into `dist/java`, where a JDK and Tomcat are there. Without it, its first use compiles it. */
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileWorker } from './src/servlet/compile-worker.ts'
import { askInterpreter, findInterpreter } from './src/servlet/interpreter.ts'
import { findTomcat } from './src/servlet/tomcat.ts'
import { BUILT } from './src/servlet/worker-classes.ts'

rmSync(BUILT, { recursive: true, force: true })
try {
  const cwd = process.cwd()
  const { path } = askInterpreter(findInterpreter(undefined, cwd), cwd)
  const failure = compileWorker(join(dirname(path), 'javac'), findTomcat(undefined, [], cwd), BUILT)
  if (failure !== null) rmSync(BUILT, { recursive: true, force: true })
  // A compiler that is there must succeed; one that is missing may be.
  if (failure !== null && !failure.includes('ENOENT')) throw new Error(failure)
  if (failure !== null) console.log('no worker for Java: no JDK')
} catch (error) {
  if (!(error instanceof Error && 'code' in error)) throw error
  console.log(`no worker for Java: ${error.message.split('\n')[0]}`)
}
