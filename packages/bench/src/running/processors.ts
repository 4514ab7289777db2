/** Which processors the server and the load run on. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

export interface Placement {
  /** How many processors this run may use. */
  readonly processors: number
  /** Lists as `taskset -c` takes them; `null` where nothing is pinned. */
  readonly server: string | null
  readonly load: string | null
  /** How many processors the load has. */
  readonly loadProcessors: number
  /** For the report. */
  readonly description: string
}

/** Beyond that many, a load of one machine gains nothing. */
const MOST_FOR_LOAD = 16

/**
 * The last half for the load, the others for the server: they do not take each other's time. Half, since to ask for plain text
 * costs about what serving it does.
 *
 * @param allowed processors that this run may use, where the system says
 */
export function place(allowed: readonly number[] = allowedProcessors()): Placement {
  const processors = allowed.length === 0 ? availableParallelism() : allowed.length
  if (allowed.length < 2) {
    const why = allowed.length === 1 ? 'there is one processor' : 'this system does not say which processors there are'
    return { processors, server: null, load: null, loadProcessors: 1, description: `not pinned: ${why}` }
  }
  if (spawnSync('taskset', ['--version']).status !== 0) {
    const description = 'not pinned: there is no taskset (package util-linux)'
    return { processors, server: null, load: null, loadProcessors: 1, description }
  }
  const loadProcessors = Math.min(MOST_FOR_LOAD, allowed.length >> 1)
  const server = allowed.slice(0, -loadProcessors).join(',')
  const load = allowed.slice(-loadProcessors).join(',')
  return { processors, server, load, loadProcessors, description: `server on ${server}, load on ${load}` }
}

/** Arguments of a command that shall run on these processors. */
export function pinned(processors: string | null, command: readonly string[]): readonly [string, ...string[]] {
  const [file = '', ...rest] = command
  return processors === null ? [file, ...rest] : ['taskset', '-c', processors, file, ...rest]
}

function allowedProcessors(): number[] {
  let list: string | undefined
  try {
    list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]
  } catch {
    return []
  }
  return (list ?? '').split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, at) => first + at)
  })
}
