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
  /** For the report. */
  readonly description: string
}

/** The last processor for the load, the others for the server: they do not take each other's time. */
export function place(): Placement {
  const allowed = allowedProcessors()
  const processors = allowed.length === 0 ? availableParallelism() : allowed.length
  if (allowed.length < 2) {
    const why = allowed.length === 1 ? 'there is one processor' : 'this system does not say which processors there are'
    return { processors, server: null, load: null, description: `not pinned: ${why}` }
  }
  if (spawnSync('taskset', ['--version']).status !== 0) {
    return { processors, server: null, load: null, description: 'not pinned: there is no taskset (package util-linux)' }
  }
  const server = allowed.slice(0, -1).join(',')
  const load = String(allowed.at(-1))
  return { processors, server, load, description: `server on ${server}, load on ${load}` }
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
