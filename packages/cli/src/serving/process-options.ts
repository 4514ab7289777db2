/** Settings of servers that have processes of their own. */
import type { ServeOptions } from '@tsgi/spec/server'
import type { Environment } from '../environment.ts'
import { flagName, OPTION_ROWS } from '../settings/options.ts'
import type { Settings } from '../settings/settings.ts'
import { UsageError } from '../usage-error.ts'
import { parseInspect } from './inspect.ts'
import { isOurs } from './server-module.ts'

/** What the servers take over and above the contract: one does not mind what is meant for the other. */
export interface ProcessOptions extends ServeOptions {
  readonly workers: number | 'auto'
  readonly maxRequests: number
  readonly maxRequestsJitter: number
  readonly maxRss: number
  readonly spare: number | undefined
  readonly maxProcesses: number | undefined
  readonly bootTimeout: number
  readonly workerTimeout: number
  readonly user: string | undefined
  readonly group: string | undefined
  readonly maxOldSpace: number | undefined
  readonly nodeFlags: readonly string[]
}

/** Settings in the terms of those servers. The delay before a stop is the command's own, the same for every server. */
export function processOptions(settings: Settings, options: ServeOptions): ProcessOptions {
  const { inspect, workerTimeout, nodeFlag } = settings
  return {
    ...options,
    workers: settings.workers,
    maxRequests: settings.maxRequests,
    maxRequestsJitter: settings.maxRequestsJitter,
    maxRss: settings.maxRss,
    spare: settings.spare,
    maxProcesses: settings.maxProcesses,
    // They know no boot without an end.
    bootTimeout: settings.bootTimeout || Number.MAX_SAFE_INTEGER,
    // At a breakpoint a process stands still, and is well.
    workerTimeout: inspect === undefined ? workerTimeout : 0,
    user: settings.user,
    group: settings.group,
    maxOldSpace: settings.maxOldSpace,
    // One port cannot be everybody's.
    nodeFlags: inspect === undefined ? nodeFlag : [...nodeFlag, `--inspect=${parseInspect(inspect).host}:0`],
  }
}

/**
 * @throws UsageError where a flag says something to another server than the one that is asked for, or two settings contradict
 * each other
 */
export function checkProcessSettings({ settings, origins }: Environment): void {
  const { server, spare, maxProcesses } = settings
  if (isOurs(server)) {
    for (const [name, { servers }] of OPTION_ROWS) {
      // A variable or a file may well be there for another server; who writes a flag means this one.
      if (servers === undefined || servers.some((one) => one === server) || !origins[name]?.startsWith('--')) continue
      throw new UsageError([
        `--${flagName(name)} is for --server ${servers.join(' and ')}; this is --server ${server}.`,
        `Add --server ${servers[0]}, or leave --${flagName(name)} out.`,
      ])
    }
  }
  if (server === 'process' && spare !== undefined && maxProcesses !== undefined && spare > maxProcesses) {
    throw new UsageError([
      `--spare ${spare} (${origins.spare}) is more than --max-processes ${maxProcesses} (${origins.maxProcesses}).`,
      'Processes that wait count as well: raise the one, or lower the other.',
    ])
  }
}
