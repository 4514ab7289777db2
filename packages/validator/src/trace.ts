/** Who is to blame, by the stack: the nearest frame of the culprit that is not ours. */

/** A stack that was taken; V8 writes it out when `stack` is first read. */
export interface Trace {
  readonly stack?: string
}

export interface Frame {
  /** Name of the function, `''` where it has none. */
  readonly call: string
  /** Path, or URL where it is no file. */
  readonly file: string
  readonly line: number
  readonly column: number
}

const DEPTH = 32

export function takeTrace(): Trace {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = DEPTH
  const trace: { stack?: string } = {}
  Error.captureStackTrace(trace, takeTrace)
  Error.stackTraceLimit = stackTraceLimit
  return trace
}

/** Where this package is, so that its frames are told from others. Tests that lie inside are others. */
const OWN = /^(?:file:\/\/)?(.*\/)[^/]*$/.exec(import.meta.url)?.[1] ?? ''
const isOwn = ({ file }: Frame): boolean => file.startsWith(OWN) && !file.endsWith('.test.ts')

export function culpritFrame(trace: Trace, culprit: 'server' | 'application'): Frame | null {
  const frames = (trace.stack ?? '').split('\n').flatMap(parsed)
  const first = frames.findIndex((frame) => !isOwn(frame))
  if (first < 0) return null
  if (culprit === 'server') return frames[first] ?? null
  // Below the next of our frames lies the server. What the application itself wrote is more use than what it installed.
  const end = frames.findIndex((frame, i) => i > first && isOwn(frame))
  const theirs = frames.slice(first, end < 0 ? undefined : end)
  return theirs.find(({ file }) => !file.includes('/node_modules/')) ?? theirs[0] ?? null
}

function parsed(text: string): Frame[] {
  const match = /^\s*at (?:(?:async )?(.*?) \()?((?:[a-z]+:)?[^():]+):(\d+):(\d+)\)?$/.exec(text)
  if (match === null) return []
  const [, call = '', where = '', line, column] = match
  if (where.startsWith('node:')) return []
  const file = where.startsWith('file://') ? decodeURIComponent(where.slice('file://'.length)) : where
  return [{ call, file, line: Number(line), column: Number(column) }]
}
