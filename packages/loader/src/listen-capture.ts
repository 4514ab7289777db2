/**
 * Most applications in the world are modules that listen by themselves: `app.listen(3000)`. While such a module is loaded, its
 * HTTP servers wait before they listen. Once the module is loaded, the one that is the application does as if it listened, and
 * is served instead; to the module nothing looks different. The others, such as one for metrics, listen.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { HeldServer } from './held-server.ts'
import { askedAddress, sharingPort, type AskedAddress } from './listen-address.ts'
import { isAt, ownServers, sameAddress, servedServers } from './own-server.ts'

export interface CaptureOptions {
  /** Ports and paths of unix sockets where TSGI serves. */
  readonly served: readonly (number | string)[]
  /** Whether other processes load the same module: servers on a fixed port then share it. */
  readonly sharePorts: boolean
}

export interface ListenCapture {
  /** Decides for an application that the module exports: its own servers do as if they listened, the others listen. */
  settleFor(application: unknown): CapturedServers
  /**
   * Decides for a module that exports none, and returns the server that is to be served; waits for one while something is
   * under way that may lead there.
   */
  settle(): Promise<CapturedServers>
  /** There is no application: nothing listens. */
  abandon(): void
}

export interface CapturedServers {
  /** The server of the application; absent where none did as if it listened. */
  readonly server: http.Server | undefined
  /** Where it was to listen: "on port 3000". */
  readonly where: string
  /** The HTTP servers of the module that listen by themselves: "on port 9100". */
  others(): readonly string[]
  /** Tells those who closed the application's servers that they are closed. */
  ended(): void
}

/** How often a module that is busy with something is looked at, in milliseconds. */
const LOOK = 20

/** How long a module that is still loading may be held up by a server that waits, in milliseconds. */
const PATIENCE = 200

/** How long a busy module is waited for where PORT is set and none of its servers asked for that port, in milliseconds. */
const PATIENCE_FOR_PORT = 500

/** What waits for others, and brings nothing about by itself. */
const IDLE_RESOURCES = new Set(['TTYWrap', 'PipeWrap', 'SignalWrap', 'FSEventWrap', 'TCPServerWrap'])

/** Whether what runs is the server that serves the application, not the application. */
const hosts = new AsyncLocalStorage<true>()

/** Runs what starts a server around the application: where that listens, it listens. */
export const asHost = <T>(start: () => T): T => hosts.run(true, start)

export function captureListening({ served, sharePorts }: CaptureOptions): ListenCapture {
  const patched = [http.Server.prototype, https.Server.prototype]
  const { PORT } = process.env
  const ports = [...(PORT === undefined || PORT === '' ? [] : [/^\d+$/.test(PORT) ? Number(PORT) : PORT]), ...served]
  const usual = activity()
  const held: HeldServer[] = []
  const timers = new Set<NodeJS.Timeout>()
  /** Once decided: whether a server that listens from now on is the application's own. */
  let isOwn: ((server: HeldServer) => boolean) | undefined

  if (sharePorts) shareFixedPorts()
  const originalListen = net.Server.prototype.listen
  const listen = function (this: http.Server, ...args: unknown[]): http.Server {
    const asked = askedAddress(args)
    if (hosts.getStore() === true || !isPossible(asked)) return Reflect.apply(originalListen, this, args) as http.Server
    if (held.some((one) => one.server === this && one.isOpen)) throw alreadyListening()
    const callback = args.findLast((arg) => typeof arg === 'function')
    const rest = args.filter((arg) => arg !== callback)
    const one = new HeldServer(this, asked, {
      callback,
      byPackage: isCalledByPackage(listen),
      listen: () => void Reflect.apply(originalListen, this, rest),
    })
    held.push(one)
    if (isOwn === undefined) unblockInTime(one)
    else if (isOwn(one)) one.pretend()
    else one.listen()
    return this
  }
  for (const prototype of patched) Object.assign(prototype, { listen })

  /** A module that waits for its server must not wait for ever; and while a timer runs, Node does not end for want of work. */
  function unblockInTime(one: HeldServer): void {
    const since = performance.now()
    const timer = setInterval(() => {
      if (!isIdle() && performance.now() - since < PATIENCE && !one.byPackage && !isAt(one, ports)) return
      clearInterval(timer)
      timers.delete(timer)
      one.unblock()
    }, LOOK)
    timers.add(timer)
  }

  const isIdle = () => activity() - timers.size <= usual

  function stopTimers(): void {
    for (const timer of timers) clearInterval(timer)
    timers.clear()
  }

  const openServers = () => held.filter((one) => one.isOpen)

  function decide(first: readonly HeldServer[], isOwnLater: (server: HeldServer) => boolean): CapturedServers {
    const own = [...first]
    isOwn = (one) => isOwnLater(one) && own.push(one) > 0
    stopTimers()
    const others = openServers().filter((one) => !own.includes(one))
    for (const one of own) one.pretend()
    for (const one of others) one.listen()
    return {
      server: own[0]?.server,
      where: own[0]?.where ?? '',
      others: () => openServers().flatMap((one) => (own.includes(one) ? [] : [one.where])),
      ended() {
        for (const one of own) one.ended()
      },
    }
  }

  return {
    settleFor(application) {
      const own = ownServers(application, openServers(), ports)
      // What it starts later, behind a database's connection say, is judged alike.
      return decide(own, (one) => ownServers(application, [...own, one], ports).includes(one))
    },
    async settle() {
      for (const since = performance.now(); ;) {
        const open = openServers()
        const asPortSays = ports.length === served.length || open.some((one) => isAt(one, ports.slice(0, 1)))
        const isEnough = open.length > 0 && (asPortSays || performance.now() - since > PATIENCE_FOR_PORT)
        if (isIdle() || isEnough) {
          const chosen = servedServers(open, ports)
          return decide(chosen, (one) => chosen.some((other) => sameAddress(one, other)))
        }
        await sleep(LOOK)
      }
    },
    abandon() {
      stopTimers()
      for (const one of held) one.ended()
      // What was inherited before is inherited again.
      for (const prototype of patched) Reflect.deleteProperty(prototype, 'listen')
    },
  }
}

/** How many things are open that may still bring something about. */
const activity = () => process.getActiveResourcesInfo().filter((resource) => !IDLE_RESOURCES.has(resource)).length

/** Whether Node would take that port; else it is to say so itself, to the module that asked. */
const isPossible = (asked: AskedAddress) =>
  asked === null || typeof asked === 'string' || (asked.port >= 0 && asked.port <= 65_535)

const alreadyListening = () =>
  Object.assign(new Error('Listen method has been called more than once without closing.'), {
    code: 'ERR_SERVER_ALREADY_LISTEN',
  })

/** Whether the code that called `listen` is a package, and not the application's own. */
function isCalledByPackage(listen: Function): boolean {
  const trace: { stack?: string } = {}
  Error.captureStackTrace(trace, listen)
  const caller = (trace.stack ?? '').split('\n').find((line) => /^ +at /.test(line) && !/[( ]node:/.test(line))
  return caller !== undefined && /[\\/]node_modules[\\/]/.test(caller)
}

/** In a process that is one of several of a server: whatever listens on a fixed port shares it with the others. */
function shareFixedPorts(): void {
  const { listen } = net.Server.prototype
  Object.assign(net.Server.prototype, {
    listen(this: net.Server, ...args: unknown[]): net.Server {
      return Reflect.apply(listen, this, sharingPort(args)) as net.Server
    },
  })
}
