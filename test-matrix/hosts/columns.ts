/** Servers of others with an application of ours on them. Adding one is a module beside this, and an entry here. */
import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { ServerEntry } from '@tsgi/matrix'
import {
  BUN_CANNOT,
  DENO_CANNOT,
  FASTIFY_CANNOT,
  HONO_CANNOT,
  NODE_CANNOT,
  SRVX_CANNOT,
  WHATWG_CANNOT,
} from './cannot.ts'
import { BUN, DENO } from './runtimes.ts'

/** What is served over HTTP/2 without a change. */
const OVER_HTTP2 = ['raw TSGI', 'framework-mini', 'Hono', 'Express', 'Koa', 'Fastify']

export interface Host extends ServerEntry {
  readonly name: string
}

/** One of each kind: our interface, a fetch framework and one of Node. */
const WITNESSES = ['raw TSGI', 'Hono', 'Express']

const module = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

function versionOf(name: string): string {
  const file = findPackageJSON(name, import.meta.url)
  return file === undefined ? '' : (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version
}

/** Those that run in Node. */
export const NODE_HOSTS: readonly Host[] = [
  { name: 'node:https', module: module('node-https.ts'), ...NODE_CANNOT, version: process.versions.node },
  { name: 'Fastify', module: module('fastify.ts'), ...FASTIFY_CANNOT, version: versionOf('fastify') },
  { name: 'srvx', module: module('srvx.ts'), ...SRVX_CANNOT, version: versionOf('srvx') },
  {
    name: '@hono/node-server',
    module: module('hono-node-server.ts'),
    ...HONO_CANNOT,
    version: versionOf('@hono/node-server'),
  },
  {
    name: '@whatwg-node/server',
    module: module('whatwg-node.ts'),
    ...WHATWG_CANNOT,
    version: versionOf('@whatwg-node/server'),
  },
  { name: 'event-loop over HTTP/2', module: module('event-loop-http2.ts'), http2: true, frameworks: OVER_HTTP2 },
].map((host) => ({ frameworks: WITNESSES, ...host }))

/** Those with a runtime of their own, which need not be there. */
export const RUNTIME_HOSTS: readonly Host[] = [
  { name: 'Bun.serve', module: module('bun.ts'), ...BUN_CANNOT, runtime: BUN, version: BUN?.version },
  { name: 'Deno.serve', module: module('deno.ts'), ...DENO_CANNOT, runtime: DENO, version: DENO?.version },
].map((host) => ({ ...host, frameworks: WITNESSES }))

/** Those that can run here. */
export const HOSTS: readonly Host[] = [...NODE_HOSTS, ...RUNTIME_HOSTS.filter(({ runtime }) => runtime !== undefined)]
