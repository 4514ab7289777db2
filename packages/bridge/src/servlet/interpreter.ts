import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { askInterpreterOf, type Interpreter, type InterpreterKind, type RunningInterpreter } from '../interpreter.ts'

const JAVA: InterpreterKind = {
  name: 'Java',
  ask: ['-XshowSettings:properties', '-version'],
  read: (_stdout, stderr) => [property(stderr, 'java.home', '/bin/java'), property(stderr, 'java.version')],
  oldest: [17, 0],
  debian: 'default-jre-headless',
  naming: '--java, or one of the variables TSGI_JAVA and JAVA_HOME',
  expected: 'a Java program, or the folder of a JRE or JDK',
}

function property(settings: string, name: string, more = ''): string | undefined {
  const lines = settings.split('\n').map((line) => line.trim())
  const line = lines.find((line) => line.startsWith(`${name} = `))
  return line === undefined ? undefined : line.slice(name.length + 3) + more
}

/**
 * The Java of an application: the one that is named, else that of `TSGI_JAVA` or `JAVA_HOME`, or on the path.
 *
 * @param named a name on the path, or a path relative to `cwd`: of the program, or of its folder
 */
export function findInterpreter(
  named: string | undefined,
  cwd: string,
  env: { readonly [name: string]: string | undefined } = process.env,
): Interpreter {
  const said = [
    [named, '--java'],
    [env['TSGI_JAVA'], 'TSGI_JAVA'],
    [env['JAVA_HOME'], 'JAVA_HOME'],
  ] as const
  for (const [name, origin] of said) {
    if (name === undefined || name === '') continue
    if (origin !== 'JAVA_HOME' && !name.includes('/')) return { program: name, origin }
    const path = resolve(cwd, name)
    return { program: isFolder(path) ? join(path, 'bin', 'java') : path, origin }
  }
  return { program: 'java', origin: 'PATH' }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/**
 * Runs a Java to see what it is.
 *
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER` where it is missing, does not run or is too old
 */
export const askInterpreter = (interpreter: Interpreter, cwd: string): RunningInterpreter =>
  askInterpreterOf(JAVA, interpreter, cwd)
