/**
 * A control group for one process tree. Its accounting is in nanoseconds and keeps what short-lived children cost, so it is
 * preferred to process times; but only root, or whoever was given a subtree, may make one.
 */
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'

export interface ControlGroup {
  /**
   * A command that joins the group before it becomes the given one. Moved in from outside, a process has children already
   * that stay where they were: a server that starts its workers at once would cost nothing.
   */
  command(command: readonly [string, ...string[]]): readonly [string, ...string[]]
  /** Microseconds of processor time of all that ever was in it. */
  cpuTime(): number
  /** Once nothing runs in it. */
  remove(): void
}

interface Hierarchy {
  /** Where a group of one's own may be made. */
  readonly folder: string
  cpuTime(group: string): number
}

/** @returns `null` where this process may not make one */
export function makeControlGroup(name: string): ControlGroup | null {
  for (const { folder, cpuTime } of hierarchies()) {
    const group = join(folder, name)
    try {
      mkdirSync(group)
    } catch {
      continue
    }
    return {
      command: (command) => ['sh', '-c', 'echo $$ > "$0" && exec "$@"', join(group, 'cgroup.procs'), ...command],
      cpuTime: () => cpuTime(group),
      remove() {
        try {
          rmdirSync(group)
        } catch {
          // Something still runs in it: the group outlives this run, empty of meaning but harmless.
        }
      },
    }
  }
  return null
}

/** Version 1 has a hierarchy for each controller; version 2 one for all, where `cpu.stat` needs no controller enabled. */
function hierarchies(): Hierarchy[] {
  const found: Hierarchy[] = []
  for (const line of read('/proc/self/cgroup').trim().split('\n')) {
    const [, controllers = '', path = ''] = line.split(':')
    if (controllers.split(',').includes('cpuacct')) {
      found.push({
        folder: join('/sys/fs/cgroup/cpuacct', path),
        cpuTime: (group) => Number(read(join(group, 'cpuacct.usage'))) / 1000,
      })
    }
    if (controllers === '' && read('/sys/fs/cgroup/cgroup.controllers').includes('cpu')) {
      found.push({
        folder: join('/sys/fs/cgroup', path),
        cpuTime: (group) => Number(/^usage_usec (\d+)/m.exec(read(join(group, 'cpu.stat')))?.[1] ?? 0),
      })
    }
  }
  return found
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
