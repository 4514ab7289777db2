/** Which pairings there are, by the names that people give. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isForeign, parseReference } from '@tsgi/loader'
import type { Json } from '@tsgi/spec/server'
import { InputError } from '../input-error.ts'
import type { Workload } from '../workloads/workload.ts'
import { installedServers } from './installed-servers.ts'
import { LANGUAGE_SERVERS, languagePeer, usualServerOf, type ForeignApp } from './language-servers.ts'
import type { Subject } from './subject.ts'
import { isOfOwnApp } from '../workloads/workloads.ts'

/** Ours, and those of others: `own` is what the documentation of each application's framework runs it with. */
export const SERVERS: readonly string[] = ['event-loop', 'cluster', 'process', 'own', 'srvx', 'nginx', 'floor']
export const APPS: readonly string[] = ['raw', 'mini', 'views', 'hono', 'express', 'koa', 'fastify']

/** Of an application's own way of being run: its label, the module in `peers/`, and which workloads it has. */
const OWN: Readonly<Record<string, { label: string; module: string; workloads?: readonly string[] }>> = {
  raw: {
    label: 'node:http',
    module: 'node-http',
    workloads: ['plaintext', 'pipelined', 'json', 'upload', 'stream', 'new-connection', 'idle'],
  },
  hono: { label: '@hono/node-server', module: 'hono-node-server' },
  express: { label: "Express's own server", module: 'express' },
  koa: { label: "Koa's own server", module: 'koa' },
  fastify: { label: "Fastify's own server", module: 'fastify' },
}

export interface SubjectOptions {
  readonly servers: readonly string[]
  /** Names, or references `file[:export]`. */
  readonly apps: readonly string[]
  /** Rows with fast globals besides, of applications that are fetch handlers or may be. */
  readonly fastGlobals: boolean
  readonly cwd: string
}

/**
 * Every chosen server with every chosen application, where the two can be had together. The first server is the first row.
 *
 * @throws InputError for a name that is none, or where nothing is left
 */
export function subjectsOf({ servers, apps, fastGlobals, cwd }: SubjectOptions): Subject[] {
  const chosen = servers.includes('all') ? [...SERVERS, ...installedServers(cwd)] : servers
  const subjects = apps.flatMap((app) => chosen.flatMap((server) => pairings(server, app, fastGlobals, cwd)))
  // These have no application: each is one row, whatever the applications are.
  if (chosen.includes('nginx')) subjects.push(NGINX)
  if (chosen.includes('floor')) subjects.push(FLOOR)
  if (subjects.length > 0) return subjects
  throw new InputError(`no pairing is left of the servers ${servers.join(', ')} and the apps ${apps.join(', ')}`)
}

const NGINX: Subject = {
  server: 'nginx',
  app: 'files',
  label: 'nginx',
  start: { kind: 'nginx' },
  tuned: false,
  baseline: false,
  can: ({ plainServers }) => plainServers === true,
}

const FIXED = ['plaintext', 'pipelined', 'new-connection', 'idle']

/** What nothing in Node can go below: what a server costs beyond it is the server's own. */
const FLOOR: Subject = {
  server: 'floor',
  app: 'fixed',
  label: 'floor: a fixed answer on node:net',
  start: { kind: 'peer', module: 'floor', config: null },
  tuned: false,
  baseline: false,
  can: ({ name }) => FIXED.includes(name),
}

/** A row or none; with fast globals a second one. */
function pairings(server: string, app: string, fastGlobals: boolean, cwd: string): Subject[] {
  const builtIn = APPS.includes(app)
  if (!builtIn && !/[./:]/.test(app)) {
    throw new InputError(`expected an app: ${APPS.join(', ')}, or a file; came ${app}`)
  }
  const can = (workload: Workload): boolean => builtIn !== isOfOwnApp(workload)
  if (server === 'nginx' || server === 'floor') return []
  const foreign = builtIn ? null : foreignAppOf(app, cwd)
  if (LANGUAGE_SERVERS.includes(server)) return foreign === null ? [] : languageServer(server, app, foreign, can)
  if (server === 'own' && foreign !== null) {
    return languageServer(usualServerOf(foreign.module) ?? server, app, foreign, can)
  }
  if (server === 'own') return builtIn ? ownServer(app) : [ownServerOf(app, cwd, can)]
  if (server === 'srvx') {
    if (app !== 'hono') return []
    const start = { kind: 'peer', module: 'srvx', config: null } as const
    return [{ server, app, label: 'hono on srvx', start, tuned: false, baseline: false, can }]
  }
  if (!SERVERS.includes(server) && !/[./:@]/.test(server)) {
    const names = [...SERVERS, ...LANGUAGE_SERVERS, ...installedServers(cwd)]
    if (!names.includes(server)) {
      throw new InputError(`expected a server: all, ${names.join(', ')}, or a module; got ${server}`)
    }
  }
  const reference = builtIn ? { module: builtInModule(app) } : referenceOf(app, cwd)
  // A file may be named without a dot before it, as applications may.
  const file = resolve(cwd, server)
  const module = !SERVERS.includes(server) && existsSync(file) ? file : server
  const row = (tuned: boolean): Subject => ({
    server,
    app,
    label: `${app} on ${server}${tuned ? ' (--fast-globals)' : ''}`,
    start: { kind: 'tsgi', server: module, entry: { app: reference, fastGlobals: tuned, cwd } },
    tuned,
    baseline: false,
    can,
  })
  // Of an application of the user's nobody knows before it is loaded what it is.
  return fastGlobals && (app === 'hono' || !builtIn) ? [row(false), row(true)] : [row(false)]
}

function ownServer(app: string): Subject[] {
  const own = OWN[app]
  if (own === undefined) return []
  const subject: Subject = {
    server: 'own',
    app,
    label: own.label,
    start: { kind: 'peer', module: own.module, config: null },
    tuned: false,
    baseline: true,
    can: (workload) => !isOfOwnApp(workload) && (own.workloads?.includes(workload.name) ?? true),
  }
  return [subject]
}

function ownServerOf(app: string, cwd: string, can: Subject['can']): Subject {
  return {
    server: 'own',
    app,
    label: `${app} without TSGI`,
    start: { kind: 'peer', module: 'own-application', config: { app: referenceOf(app, cwd), cwd } },
    tuned: false,
    baseline: true,
    can,
  }
}

/** An application in another language, on a server of that language. */
function languageServer(server: string, app: string, foreign: ForeignApp, can: Subject['can']): Subject[] {
  const peer = languagePeer(server, foreign)
  if (peer === null) return []
  const { label, start, closes } = peer
  const canHere = (workload: Workload) => can(workload) && (!closes || workload.newConnections === true)
  return [{ server, app, label, start, tuned: false, baseline: true, can: canHere }]
}

function foreignAppOf(app: string, cwd: string): ForeignApp | null {
  const { module, config } = parseReference(app, cwd)
  if (!isForeign(module) || typeof config !== 'object' || config === null || !('app' in config)) return null
  return { module: String(module), app: String(config['app']), cwd }
}

function referenceOf(app: string, cwd: string): { module: string; export?: string; config?: Json } {
  const { module, export: name, config } = parseReference(app, cwd)
  return {
    module: String(module),
    ...(name !== undefined && { export: name }),
    ...(config !== undefined && { config }),
  }
}

function builtInModule(app: string): string {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  return fileURLToPath(new URL(`../apps/${app}${ending}`, import.meta.url))
}
