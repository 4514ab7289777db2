import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { BridgeError } from '../bridge-error.ts'

/** Where a Python is said to be. */
export interface Interpreter {
  /** A name on the path, or an absolute path. */
  readonly program: string
  /** Where it was named: `--python`, `TSGI_PYTHON`, `VIRTUAL_ENV`, `.venv`, `venv`, `PATH`. */
  readonly origin: string
}

/** A Python that runs. */
export interface RunningInterpreter {
  readonly path: string
  /** Such as `3.11.2`. */
  readonly version: string
}

const ASK = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])'

const OLDEST: readonly [number, number] = [3, 9]

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
export function askInterpreter({ program, origin }: Interpreter): RunningInterpreter {
  const { stdout, status, error, stderr } = spawnSync(program, ['-c', ASK], { encoding: 'utf8' })
  const [path, version] = (stdout ?? '').trim().split('\n')
  if (error !== undefined || status !== 0 || path === undefined || version === undefined) {
    throw noInterpreter(program, origin, error?.message ?? stderr.trim().split('\n').at(-1) ?? '')
  }
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new BridgeError(
      'TSGI_ERR_BRIDGE_INTERPRETER',
      `Expected Python ${OLDEST.join('.')} or later, got ${version} (${path}, from ${origin}).\n${NAME_ONE}`,
    )
  }
  return { path, version }
}

const NAME_ONE = 'Name a Python: --python, or the variable TSGI_PYTHON.'

/** A virtual environment may be named by its folder. */
function programOf(named: string, cwd: string): string {
  if (!named.includes('/') && !named.includes('\\')) {
    return isFolder(resolve(cwd, named)) ? programOf(resolve(cwd, named), cwd) : named
  }
  const path = resolve(cwd, named)
  return isFolder(path) ? join(path, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python') : path
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** Why there is no interpreter, and what to do. */
export function noInterpreter(program: string, origin: string, detail: string): BridgeError {
  const why = detail.includes('ENOENT') ? `There is no ${program}` : `${program} does not run (${detail})`
  const remedy =
    origin === 'PATH'
      ? `Install Python (Debian: apt-get install python3), or name one: --python, or the variable TSGI_PYTHON.`
      : `${origin} names it; expected a Python 3 program, or the folder of a virtual environment.`
  return new BridgeError('TSGI_ERR_BRIDGE_INTERPRETER', `${why}, which is to run the application.\n${remedy}`)
}
