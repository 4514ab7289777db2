/** Finding the program that runs a language: what is the same for all of them. */
import { spawnSync } from 'node:child_process'
import { BridgeError } from './bridge-error.ts'

/** Where an interpreter is said to be. */
export interface Interpreter {
  /** A name on the path, or an absolute path. */
  readonly program: string
  /** Where it was named: an option, a variable, a folder, `PATH`. */
  readonly origin: string
}

/** An interpreter that runs. */
export interface RunningInterpreter {
  readonly path: string
  /** Such as `3.11.2`. */
  readonly version: string
}

/** What is asked of the interpreter of a language. */
export interface InterpreterKind {
  /** For people: `Python`. */
  readonly name: string
  /** Arguments that make it write its path and its version. */
  readonly ask: readonly string[]
  /** Finds them in what it wrote. Default: a line each, on standard output. */
  readonly read?: (stdout: string, stderr: string) => readonly (string | undefined)[]
  readonly oldest: readonly [major: number, minor: number]
  /** The Debian package that brings it. */
  readonly debian: string
  /** How another one is named: `--python, or the variable TSGI_PYTHON`. */
  readonly naming: string
  /** What may be named: `a Python 3 program, or the folder of a virtual environment`. */
  readonly expected: string
}

/**
 * Runs an interpreter to see what it is.
 *
 * @param cwd where it is going to run: a version manager looks there for the version that is wanted
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER` where it is missing, does not run or is too old
 */
export function askInterpreterOf(
  kind: InterpreterKind,
  { program, origin }: Interpreter,
  cwd: string,
): RunningInterpreter {
  const { stdout, status, error, stderr } = spawnSync(program, kind.ask, { encoding: 'utf8', cwd })
  const [path, version] = kind.read?.(stdout ?? '', stderr ?? '') ?? (stdout ?? '').trim().split('\n')
  if (error !== undefined || status !== 0 || path === undefined || version === undefined) {
    throw noInterpreter(kind, program, origin, error?.message ?? stderr.trim().split('\n').at(-1) ?? '')
  }
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const { oldest } = kind
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new BridgeError(
      'TSGI_ERR_BRIDGE_INTERPRETER',
      `Expected ${kind.name} ${oldest.join('.')} or later, got ${version} (${path}, from ${origin}).\nName a ${kind.name}: ${kind.naming}.`,
    )
  }
  return { path, version }
}

/** Why there is no interpreter, and what to do. */
function noInterpreter(kind: InterpreterKind, program: string, origin: string, detail: string): BridgeError {
  const why = detail.includes('ENOENT') ? `There is no ${program}` : `${program} does not run (${detail})`
  const remedy =
    origin === 'PATH'
      ? `Install ${kind.name} (Debian: apt-get install ${kind.debian}), or name one: ${kind.naming}.`
      : `${origin} names it; expected ${kind.expected}.`
  return new BridgeError('TSGI_ERR_BRIDGE_INTERPRETER', `${why}, which is to run the application.\n${remedy}`)
}
