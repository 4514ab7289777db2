/** What the system knows of processes: who runs, who is a zombie, who belongs to a test. Linux. */
import { readdirSync, readFileSync } from 'node:fs'

/** Set in the environment of every process of a test, and inherited by all that it starts. */
export const MARK = 'TSGI_FAULT_TEST'

interface ProcessFacts {
  readonly pid: number
  readonly parent: number
  /** `R`, `S`, `T` stopped, `Z` zombie, … */
  readonly state: string
}

export function factsOf(pid: number): ProcessFacts | null {
  try {
    // The name, in parentheses, may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { pid, parent: Number(parent), state: state ?? '' }
  } catch {
    return null
  }
}

/** A zombie has ended: it waits only for its parent to look. While one of its threads is left, its sockets are open still. */
export function isRunning(pid: number): boolean {
  const facts = factsOf(pid)
  if (facts === null) return false
  return (facts.state !== 'Z' && facts.state !== 'X') || threadsOf(pid) > 1
}

function threadsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).length
  } catch {
    return 0
  }
}

export function childrenOf(parent: number): readonly number[] {
  return allProcesses().filter((pid) => factsOf(pid)?.parent === parent)
}

export function zombiesOf(parent: number): readonly number[] {
  return allProcesses().filter((pid) => {
    const facts = factsOf(pid)
    return facts?.parent === parent && facts.state === 'Z'
  })
}

/** Processes that carry the mark and run. */
export function markedProcesses(mark: string): readonly number[] {
  const needle = `${MARK}=${mark}\0`
  return allProcesses().filter((pid) => {
    try {
      return `${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`.includes(needle) && isRunning(pid)
    } catch {
      return false
    }
  })
}

/** Used by the process since its start, user and system, in milliseconds. */
export function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const TICK = 10
  return (Number(fields[11]) + Number(fields[12])) * TICK
}

export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Resident memory in bytes. */
export function memoryOf(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  return Number(line?.[1] ?? 0) * 1024
}

function allProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** Connections to a local port that are established, as the system counts them. Linux. */
export function connectionsTo(port: number): number {
  const ESTABLISHED = '01'
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readFileSync(file, 'latin1').split('\n').slice(1))
    .filter((line) => {
      const [, local, , state] = line.trim().split(/\s+/)
      return state === ESTABLISHED && local?.endsWith(`:${hex}`)
    }).length
}
