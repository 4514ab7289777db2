import { resolve } from 'node:path'
import { askInterpreterOf, type Interpreter, type InterpreterKind, type RunningInterpreter } from '../interpreter.ts'

const RUBY: InterpreterKind = {
  name: 'Ruby',
  ask: ['-rrbconfig', '-e', 'puts RbConfig.ruby, RUBY_VERSION'],
  // Process._fork tells a child that the application forked from its parent.
  oldest: [3, 1],
  debian: 'ruby',
  naming: '--ruby, or the variable TSGI_RUBY',
  expected: 'a Ruby program',
}

/**
 * The Ruby of an application: the one that is named, else that of `TSGI_RUBY`, or on the path.
 *
 * @param named a name on the path, or a path relative to `cwd`
 */
export function findInterpreter(
  named: string | undefined,
  cwd: string,
  env: { readonly [name: string]: string | undefined } = process.env,
): Interpreter {
  const said = [
    [named, '--ruby'],
    [env['TSGI_RUBY'], 'TSGI_RUBY'],
  ] as const
  for (const [name, origin] of said) {
    if (name !== undefined && name !== '') return { program: name.includes('/') ? resolve(cwd, name) : name, origin }
  }
  return { program: 'ruby', origin: 'PATH' }
}

/**
 * Runs an interpreter to see what it is.
 *
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER` where it is missing, does not run or is too old
 */
export const askInterpreter = (interpreter: Interpreter, cwd: string): RunningInterpreter =>
  askInterpreterOf(RUBY, interpreter, cwd)
