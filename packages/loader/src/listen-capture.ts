/**
 * Most applications in the world are modules that listen by themselves: `app.listen(3000)`. While such a module is loaded, its
 * first HTTP server does as if it listened, and is kept to be served instead. To the module nothing looks different: the
 * callback is called, `address()` is what it asked for, and `close()` ends when the serving ends.
 */
import http from 'node:http'
import https from 'node:https'
import type net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ListenCapture {
  /** What would have listened so far. */
  readonly captured: CapturedServer | undefined
  /** What would have listened; waits for it while something is under way that may lead there. */
  server(): Promise<CapturedServer | undefined>
  /** Lets servers listen again. */
  release(): void
}

export interface CapturedServer {
  readonly server: http.Server
  /** Where it was to listen: "on port 3000". */
  readonly where: string
  /** Tells those who closed it that it is closed. */
  ended(): void
}

/** How often a module that is busy with something is looked at, in milliseconds. */
const LOOK = 20

/** What waits for others, and brings nothing about by itself. */
const IDLE_RESOURCES = new Set(['TTYWrap', 'PipeWrap', 'SignalWrap', 'FSEventWrap', 'TCPServerWrap'])

export function captureListening(): ListenCapture {
  const patched = [http.Server.prototype, https.Server.prototype]
  const usual = activity()
  let captured: CapturedServer | undefined
  let port: number | string | undefined

  const originalListen = http.Server.prototype.listen
  const listen = function (this: http.Server, ...args: unknown[]): http.Server {
    const address = askedAddress(args)
    // Fastify listens on each address of "localhost" with a server of its own.
    const same = captured !== undefined && port === portOf(address)
    if (captured !== undefined && !same) return Reflect.apply(originalListen, this, args) as http.Server
    const pretended = pretendToListen(
      this,
      address,
      args.findLast((arg) => typeof arg === 'function'),
    )
    captured ??= pretended
    port ??= portOf(address)
    return this
  }
  for (const prototype of patched) Object.assign(prototype, { listen })

  return {
    get captured() {
      return captured
    },
    async server() {
      for (;;) {
        if (captured !== undefined || activity() <= usual) return captured
        await sleep(LOOK)
      }
    },
    release() {
      // What was inherited before is inherited again.
      for (const prototype of patched) Reflect.deleteProperty(prototype, 'listen')
    },
  }
}

/** How many things are open that may still bring something about. */
const activity = () => process.getActiveResourcesInfo().filter((resource) => !IDLE_RESOURCES.has(resource)).length

function pretendToListen(server: http.Server, address: net.AddressInfo | string, callback: unknown): CapturedServer {
  const closing: (() => void)[] = []
  let over = false
  const end = () => {
    over = true
    for (const done of closing.splice(0)) done()
  }
  Object.assign(server, {
    address: () => address,
    close(done?: () => void) {
      closing.push(() => {
        server.emit('close')
        done?.()
      })
      if (over) end()
      return server
    },
  })
  Object.defineProperty(server, 'listening', { configurable: true, get: () => !over })
  if (typeof callback === 'function') server.once('listening', callback as () => void)
  process.nextTick(() => server.emit('listening'))
  return { server, where: typeof address === 'string' ? `on ${address}` : portName(address), ended: end }
}

/** Of the forms that `listen` takes: a port or a path, with a host, or an object with these. */
function askedAddress([first, second]: unknown[]): net.AddressInfo | string {
  const options = typeof first === 'object' && first !== null ? (first as net.ListenOptions) : undefined
  const path = options === undefined ? first : options.path
  if (typeof path === 'string' && !/^\d+$/.test(path)) return path
  const port = Number((options === undefined ? first : options.port) ?? 0)
  const host = options === undefined ? second : options.host
  const address = typeof host === 'string' ? host : '::'
  return { address, family: address.includes(':') ? 'IPv6' : 'IPv4', port: Number.isInteger(port) ? port : 0 }
}

const portName = ({ port }: net.AddressInfo) => (port === 0 ? 'on any free port' : `on port ${port}`)

const portOf = (address: net.AddressInfo | string) => (typeof address === 'string' ? address : address.port)
