/** What the bridge has to know of a language: how its worker is started, and its habits. */

/** A program and its arguments, to which the application's name and the worker's settings are added. */
export interface WorkerCommand {
  readonly file: string
  readonly args: readonly string[]
  readonly env?: { readonly [name: string]: string }
}

export interface Language {
  /** For people: `Python`. */
  readonly name: string
  readonly command: WorkerCommand
  /** Makes a worker write the stacks of its threads to standard error. */
  readonly stackSignal: NodeJS.Signals
  /** Which line of a traceback says what the error is. Default: the last one. */
  readonly errorLine?: 'first' | 'last'
  /** What to do about an application that cannot be loaded, where that is known: added to the error. */
  readonly advice?: (failed: WorkerFailed) => string
}

/** The second argument of a worker, as JSON. */
export interface WorkerSettings {
  readonly protocol: number
  readonly lanes: number
  readonly strict: boolean
  /** Name and version of the bridge, for SERVER_SOFTWARE. */
  readonly software: string
}

/** What a worker reports when it can serve. Other members are for people. */
export interface WorkerReady {
  readonly pid: number
  /** Of the language, such as `3.11.2`. */
  readonly version: string
  /** Loaded files whose change makes another application. */
  readonly files: readonly string[]
}

/** What a worker reports when it cannot. */
export interface WorkerFailed {
  /** For people, the last word included: a traceback, or a sentence. */
  readonly error: string
  readonly files: readonly string[]
  /** A module that is not installed. */
  readonly missing?: string
}

export function readReady(text: string): WorkerReady {
  const { pid, version, files } = record(text)
  return {
    pid: typeof pid === 'number' ? pid : 0,
    version: typeof version === 'string' ? version : '',
    files: strings(files),
  }
}

export function readFailed(text: string): WorkerFailed {
  const { error, files, missing } = record(text)
  return {
    error: typeof error === 'string' ? error : text,
    files: strings(files),
    ...(typeof missing === 'string' && { missing }),
  }
}

function record(text: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
