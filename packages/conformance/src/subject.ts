/** What is tested: something that can be started, and listens. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppReference, RunningServer, ServeOptions, ServerModule } from '@tsgi/spec/server'
import { CAPABILITIES, type Capability, type Level } from './behaviour.ts'
import { ConformError } from './conform-error.ts'
import { type Force, FORCES } from './force.ts'
import { HTTP2_CANNOT } from './http2-cannot.ts'
import { HostedRunningServer } from './hosting/hosted-server.ts'
import probe, { GREETING, type ProbeConfig } from './probe.ts'
import type { Started } from './started.ts'
import type { Target } from './wire.ts'

export interface Subject {
  readonly name: string
  /** For `tsgi conform …`, in the command that runs one case again. */
  readonly argument: string
  readonly capabilities: ReadonlySet<Capability>
  /** Runs the application of behaviours. */
  readonly probe: boolean
  /** Can be started with options, and shows its log. */
  readonly module: boolean
  /** The forces that it is judged by; what others ask for is reported, and is no failure. */
  readonly binding: readonly Force[]
  /** What cannot hold of it, by the behaviour's id, and why. */
  readonly cannot: Readonly<Record<string, string>>
  /** Deadlines of cases are multiplied by it. */
  readonly patience: number
  /** It is asked over HTTP/2. */
  readonly http2?: boolean | undefined
  start(options: ServeOptions): Promise<Started>
}

/** What a report says of a subject. */
export type JudgedSubject = Pick<Subject, 'name' | 'argument' | 'binding'>

export interface SubjectOptions {
  /** As on the command line; default: the server's name. */
  readonly argument?: string | undefined
  /** Default: all. */
  readonly capabilities?: readonly Capability[] | undefined
  /** What cannot hold of it, by the behaviour's id, and why. */
  readonly cannot?: Readonly<Record<string, string>> | undefined
  /** Multiplies the deadlines of cases: for a server that needs a process for each connection. Default 1. */
  readonly patience?: number | undefined
  /**
   * Asks over HTTP/2: by ALPN where the server speaks TLS, else in clear text with prior knowledge. Behaviours of HTTP/1.1's own
   * bytes are not asked then.
   */
  readonly http2?: boolean | undefined
  /** Options of the server's own kind, such as `workers`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined
}

/** Those that HTTP/2 has: a stream cannot change its protocol, and has no half-close that says more than the end of a request. */
const HTTP2_CAPABILITIES: readonly Capability[] = ['early-hints', 'trailers', 'draining']

/** A server module, serving the probe. */
export function serverSubject(server: ServerModule, options: SubjectOptions = {}): Subject {
  return {
    name: server.name,
    argument: options.argument ?? server.name,
    capabilities: new Set(options.capabilities ?? (options.http2 === true ? HTTP2_CAPABILITIES : CAPABILITIES)),
    http2: options.http2,
    probe: true,
    module: true,
    binding: FORCES,
    cannot: { ...(options.http2 === true && HTTP2_CANNOT), ...options.cannot },
    patience: options.patience ?? 1,
    start: (serve) =>
      startServer(
        server,
        { ...serve, ...options.options },
        (folder) =>
          server.inProcess ? probe({ folder }) : { module: PROBE, config: { folder } satisfies ProbeConfig },
        options.http2,
      ),
  }
}

const PROBE = new URL(import.meta.url.endsWith('.ts') ? './probe.ts' : './probe.js', import.meta.url)

/** Serves what `app` makes, on a free port of the loopback. */
export async function startServer(
  server: ServerModule,
  options: ServeOptions,
  app: (folder: string) => AppReference,
  http2?: boolean,
): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'tsgi-conformance-'))
  const log: string[] = []
  let running: RunningServer
  try {
    running = await server.serve(app(folder), {
      listen: [{ host: '127.0.0.1', port: 0 }],
      log: (level, message, fields) => log.push(`${level} ${message} ${stackOf(fields?.['error'])}`),
      ...options,
    })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  const address = running.addresses[0]
  if (address === undefined || address.family === 'unix') throw new Error(`${server.name} listens on no port`)
  return {
    target: { host: address.host, port: address.port, secure: running.urls[0]?.startsWith('https:'), http2 },
    folder,
    log,
    downfall: running instanceof HostedRunningServer ? () => running.downfall : undefined,
    async stop(graceful = 0) {
      await running.close({ graceful })
      if (graceful === 0) await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : error === undefined ? '' : JSON.stringify(error)

export interface FrameworkOptions extends SubjectOptions {
  /** Of the framework or adapter, for reports. */
  readonly name: string
  readonly server: ServerModule
  /**
   * An application with the routes of `EXERCISE_ROUTES`; what it observes is for `observer(folder, key)`. A server that
   * starts processes needs a module reference, so `folder` travels in its `config`.
   */
  app(this: void, folder: string): AppReference
  /** Only exercises of this level and those below. Default: all. */
  readonly level?: Level | undefined
}

/** A framework or an adapter, by an application written in it, on a server. */
export function frameworkSubject(options: FrameworkOptions): Subject {
  const { name, server, app } = options
  return {
    name,
    argument: options.argument ?? name,
    capabilities: new Set(options.capabilities ?? (options.http2 === true ? HTTP2_CAPABILITIES : CAPABILITIES)),
    http2: options.http2,
    probe: true,
    module: true,
    binding: FORCES,
    cannot: { ...(options.http2 === true && HTTP2_CANNOT), ...options.cannot },
    patience: options.patience ?? 1,
    start: (serve) => startServer(server, { ...serve, ...options.options }, app, options.http2),
  }
}

/** Milliseconds for a server to say whether it serves the probe. */
const ASKING = 2_000
/** For a connection to it to open. */
const CONNECTING = 5_000

/**
 * A server that runs already, in any language. Whether it serves the probe is asked of it.
 *
 * @throws ConformError where no server listens
 */
export async function addressSubject(url: URL, folder: string): Promise<Subject> {
  const target: Target = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80) }
  await reach(target, `${url.hostname}:${target.port}`)
  const servesProbe = await fetch(new URL('/', url), { signal: AbortSignal.timeout(ASKING) }).then(
    async (answer) => (await answer.text()) === GREETING,
    () => false,
  )
  return {
    name: url.host,
    argument: url.href,
    capabilities: new Set(CAPABILITIES),
    probe: servesProbe,
    module: false,
    binding: ['must'],
    cannot: {},
    patience: 1,
    start: () => Promise.resolve({ target, folder, log: [], stop: () => Promise.resolve() }),
  }
}

/** @throws ConformError unless a connection to it can be opened */
async function reach({ host, port }: Target, shown: string): Promise<void> {
  const socket = net.connect({ host, port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECTING) })
  } catch (error) {
    throw new ConformError(unreachable(error as NodeJS.ErrnoException, shown), { cause: error })
  } finally {
    socket.destroy()
  }
}

function unreachable({ code, name, message }: NodeJS.ErrnoException, shown: string): string {
  if (code === 'ECONNREFUSED') return `no server is listening at ${shown}. Start it first, or check the port.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host of ${shown} is not found. Check the name.`
  const reason = name === 'AbortError' ? `no connection within ${CONNECTING / 1000} s` : (code ?? message)
  return `${shown} cannot be reached: ${reason}`
}
