/** The machine and what runs on it, as far as a reader needs it to judge a figure. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, release, totalmem, type as systemType } from 'node:os'
import { canReadProcesses } from '../accounting/process-tree.ts'
import { makeControlGroup } from '../accounting/control-group.ts'
import { wrkVersion } from '../load/wrk.ts'
import type { BenchEnvironment } from '../result.ts'
import { nginxVersion } from '../subjects/nginx-version.ts'
import type { Placement } from './processors.ts'

const PACKAGES = ['@hono/node-server', 'express', 'fastify', 'hono', 'koa', 'srvx']

export interface EnvironmentProbe {
  /** What is known at the end of the run, with what the hypervisor took meanwhile. */
  finish(): BenchEnvironment
}

export function probeEnvironment(placement: Placement, cwd: string): EnvironmentProbe {
  const before = stealTimes()
  const [loadAverage = 0] = loadavg()
  return {
    finish: () => ({
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      processors: placement.processors,
      quota: quota(),
      steal: share(before, stealTimes()),
      memory: totalmem(),
      kernel: `${systemType()} ${release()}`,
      pinning: placement.description,
      accounting: accounting(),
      load: loadOf(wrkVersion()),
      versions: versions(),
      commit: outputOf('git', ['-C', cwd, 'rev-parse', '--short', 'HEAD']),
      nodeFlags: process.execArgv,
      loadAverage,
    }),
  }
}

const loadOf = (wrk: string | null): string => (wrk === null ? 'autocannon' : `wrk ${wrk}`)

function accounting(): string {
  const group = makeControlGroup(`tsgi-bench-probe-${process.pid}`)
  group?.remove()
  if (group !== null) return 'control group'
  return canReadProcesses() ? 'process times' : 'none: this system has no /proc'
}

function versions(): Record<string, string> {
  const found: Record<string, string> = { node: process.versions.node }
  const require = createRequire(import.meta.url)
  for (const name of PACKAGES) {
    const version = versionOf(require, name)
    if (version !== null) found[name] = version
  }
  const nginx = nginxVersion()
  return nginx === null ? found : { ...found, nginx }
}

/** Not every package exports its `package.json`: it is looked for in the folders where it may stand. */
function versionOf(require: NodeJS.Require, name: string): string | null {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as { version: string }).version
    } catch {
      // Not in this folder.
    }
  }
  return null
}

function outputOf(file: string, parameters: readonly string[]): string | null {
  try {
    return execFileSync(file, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}

function quota(): number | null {
  const [, v2, period] = /^(\d+) (\d+)/.exec(read('/sys/fs/cgroup/cpu.max')) ?? []
  if (v2 !== undefined) return Number(v2) / Number(period)
  const v1 = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') || -1)
  return v1 > 0 ? v1 / Number(read('/sys/fs/cgroup/cpu/cpu.cfs_period_us')) : null
}

interface StealTimes {
  readonly steal: number
  readonly all: number
}

function stealTimes(): StealTimes | null {
  const line = /^cpu +(.*)$/m.exec(read('/proc/stat'))?.[1]
  if (line === undefined) return null
  const times = line.split(' ').map(Number)
  return { steal: times[7] ?? 0, all: times.slice(0, 8).reduce((sum, time) => sum + time, 0) }
}

function share(before: StealTimes | null, after: StealTimes | null): number | null {
  if (before === null || after === null || after.all === before.all) return null
  return (after.steal - before.steal) / (after.all - before.all)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
