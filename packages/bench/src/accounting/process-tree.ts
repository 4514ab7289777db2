/**
 * What the kernel says of a process and all that descend from it, by /proc. Linux; elsewhere the functions give `null`, and
 * the figures that need them are left out.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const HAS_PROC: boolean = existsSync('/proc/self/stat')
const TICKS_PER_SECOND: number = HAS_PROC ? Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) : 100

/** Whether processes can be looked into on this system. */
export const canReadProcesses = (): boolean => HAS_PROC

/** Microseconds of processor time of a process, its threads and its descendants, living and waited for. */
export function treeCpuTime(pid: number): number | null {
  if (!HAS_PROC) return null
  let ticks = 0
  // utime, stime, and those of children that ended and were waited for: proc_pid_stat(5), fields 14 to 17.
  for (const member of treeOf(pid)) for (const at of [11, 12, 13, 14]) ticks += Number(statFields(member)[at] ?? 0)
  return (ticks * 1e6) / TICKS_PER_SECOND
}

/** Bytes that the members of a tree hold at their peak (`VmHWM`) or now (`VmRSS`), pages they share counted once for each. */
export function treeMemory(pid: number, field: 'VmHWM' | 'VmRSS'): number | null {
  if (!HAS_PROC) return null
  let bytes = 0
  for (const member of treeOf(pid)) {
    const value = new RegExp(String.raw`^${field}:\s+(\d+) kB`, 'm').exec(readOrEmpty(`/proc/${member}/status`))?.[1]
    bytes += Number(value ?? 0) * 1024
  }
  return bytes
}

/** A process and its descendants. One that ended meanwhile is left out. */
export function treeOf(pid: number): number[] {
  const members = [pid]
  for (const member of members) members.push(...childrenOf(member))
  return members
}

function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    readOrEmpty(`/proc/${pid}/task/${thread}/children`).trim().split(' ').filter(Boolean).map(Number),
  )
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** Fields after the name, which stands in parentheses and may hold anything. */
function statFields(pid: number): string[] {
  const text = readOrEmpty(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Processes come and go while their tree is read. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** What was used between two readings of a counter; `null` where the system has none. */
export const since = (before: number | null, after: number | null): number | null =>
  before === null || after === null ? null : after - before
