import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { askInterpreterOf, type Interpreter, type InterpreterKind, type RunningInterpreter } from '../interpreter.ts'

const PYTHON: InterpreterKind = {
  name: 'Python',
  ask: ['-c', 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])'],
  oldest: [3, 9],
  debian: 'python3',
  naming: '--python, or the variable TSGI_PYTHON',
  expected: 'a Python 3 program, or the folder of a virtual environment',
}

/**
 * The Python of an application: the one that is named, else that of `TSGI_PYTHON`, of an active virtual environment
 * (`VIRTUAL_ENV`), of one in the project's folder (`.venv`, `venv`), or on the path.
 *
 * @param named a program, or the folder of a virtual environment: a name on the path, or a path relative to `cwd`
 */
export function findInterpreter(
  named: string | undefined,
  cwd: string,
  env: { readonly [name: string]: string | undefined } = process.env,
): Interpreter {
  const said = [
    [named, '--python'],
    [env['TSGI_PYTHON'], 'TSGI_PYTHON'],
    [env['VIRTUAL_ENV'], 'VIRTUAL_ENV'],
  ] as const
  for (const [name, origin] of said) {
    if (name !== undefined && name !== '') return { program: programOf(name, cwd), origin }
  }
  for (const folder of ['.venv', 'venv']) {
    // Not by the program: a broken link there is worth an error, and not another Python.
    if (existsSync(join(cwd, folder, 'pyvenv.cfg')))
      return { program: programOf(join(cwd, folder), cwd), origin: folder }
  }
  return { program: 'python3', origin: 'PATH' }
}

/**
 * Runs an interpreter to see what it is.
 *
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER` where it is missing, does not run or is too old
 */
export const askInterpreter = (interpreter: Interpreter, cwd: string = process.cwd()): RunningInterpreter =>
  askInterpreterOf(PYTHON, interpreter, cwd)

/** A virtual environment may be named by its folder. */
function programOf(named: string, cwd: string): string {
  if (!named.includes('/') && !named.includes('\\')) {
    return isFolder(resolve(cwd, named)) ? programOf(resolve(cwd, named), cwd) : named
  }
  const path = resolve(cwd, named)
  return isFolder(path) ? join(path, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python') : path
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
