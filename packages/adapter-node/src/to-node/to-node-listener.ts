import { ServerResponse, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { BodyError, Exchange, makeContext, type Services } from '@tsgi/exchange'
import { header, type Application, type ErrorStream } from '@tsgi/spec'
import { BodyClock } from './body-clock.ts'
import { allowHalfClose } from './half-close.ts'
import { NodeCarrier } from './node-carrier.ts'
import { factsOf } from './node-facts.ts'
import { NodeSource } from './node-source.ts'
import { ProtocolSwitch } from './protocol-switch.ts'
import { refusalOf, refuse } from './refusal.ts'
import { serverDrainOf } from './server-drain.ts'
import { environOf, lowerCaseList } from './request-environ.ts'
import { resolveSettings, type ToNodeOptions } from './settings.ts'

/** A TSGI application as a Node listener: for `http.createServer`, and as middleware of Express and connect. */
export interface ApplicationListener {
  (request: IncomingMessage, response: ServerResponse): void
  /** For the event of this name: sends `100 Continue` when the application first reads, not before. */
  readonly checkContinue: (request: IncomingMessage, response: ServerResponse) => void
  /** For the event of this name: with it, `environ.server.upgrade` is there for the requests that ask for it. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /**
   * Takes all events of a server, lets clients half-close, and ends the application when the server closes.
   *
   * @param but `requests: false` for a server whose `request` event is another's, such as a framework's, which calls this
   * listener from a route
   * @example
   * const server = http.createServer()
   * toNodeListener(application).attach(server)
   * server.listen(3000)
   */
  attach(server: Server, but?: { readonly requests?: boolean }): void
  /** The application's `startup`, once. The first request waits for it; call it to fail before there is one. */
  startup(): Promise<void>
  /** The application's `shutdown`, once, where its `startup` succeeded. */
  shutdown(): Promise<void>
}

/**
 * Runs a TSGI application on `node:http` and inside any Node server. Below a mount of Express or connect, the prefix is
 * the application's `scriptName`.
 *
 * @example
 * http.createServer(toNodeListener(application)).listen(3000)
 * @example
 * express().use('/shop', toNodeListener(shop))
 */
export function toNodeListener(application: Application, options: ToNodeOptions = {}): ApplicationListener {
  const settings = resolveSettings(options)
  const errors: ErrorStream = {
    write: (text) => settings.log('error', text.trimEnd()),
    flush: () => undefined,
  }
  const lifespan = new Lifespan(application)

  const respond = (
    request: IncomingMessage,
    response: ServerResponse,
    toContinue: boolean,
    protocolSwitch: ProtocolSwitch | null,
    bodyIsLost = false,
  ): void => {
    const headers = lowerCaseList(request.rawHeaders)
    const refusal = refusalOf(request, headers)
    if (refusal !== null) {
      refuse(response, refusal.status, refusal.message)
      return
    }
    if (request.url === '*') {
      response.writeHead(204, ALLOW)
      response.end()
      return
    }
    const onFirstRead = toContinue ? () => continueUnlessSent(response) : null
    const { maxBodySize } = settings
    const source = new NodeSource(request, { maxBodySize, clock: new BodyClock(settings), onFirstRead })
    const { input } = source
    if (bodyIsLost)
      input.fail(new BodyError(400, 'the body of a request that asks for another protocol is not read here'))
    const carrier = new NodeCarrier(response, source, settings, protocolSwitch, serverDrainOf(request.socket))
    const exchange = new Exchange(carrier, factsOf(request, headers))
    carrier.carry(exchange)
    if (Number(header(headers, 'content-length') ?? 0) > maxBodySize) {
      exchange.fail(new BodyError(413, `the body is larger than ${maxBodySize} bytes`))
      return
    }
    const services: Services = request.httpVersion !== '1.1' ? 'basic' : protocolSwitch === null ? 'full' : 'upgrade'
    const context = makeContext(NAME, exchange, services)
    const environ = environOf(request, headers, settings, input, errors, context)
    if (lifespan.started) exchange.run(application, environ)
    else
      lifespan.startup().then(
        () => exchange.run(application, environ),
        (error: unknown) => exchange.fail(error),
      )
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void => respond(request, response, false, null)
  const checkContinue = (request: IncomingMessage, response: ServerResponse): void =>
    respond(request, response, true, null)
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
    onLetGo(request, socket, (response) => {
      // 9110 §7.8: only a request that was read whole can change the protocol.
      if (!mayHaveBody(request)) respond(request, response, false, new ProtocolSwitch(socket, head))
      else {
        const toContinue = request.headers.expect?.toLowerCase() === '100-continue'
        // Up to Node 24 nobody parses it any more. An application must not take it for empty.
        respond(request, response, toContinue, null, socket === request.socket && request.readableLength === 0)
      }
    })
  return Object.assign(listener, {
    checkContinue,
    upgrade,
    attach(server: Server, { requests = true }: { readonly requests?: boolean } = {}): void {
      if (requests) server.on('request', listener)
      server.on('checkContinue', checkContinue)
      server.on('upgrade', upgrade)
      server.on('checkExpectation', (_, response) => refuse(response, 417, 'The expectation is not known here.'))
      server.on('connect', (request, socket) =>
        onLetGo(request, socket, (response) => refuse(response, 501, 'CONNECT is not served.')),
      )
      allowHalfClose(server, settings.halfCloseTimeout)
      server.once('close', () => {
        lifespan.shutdown().catch((error: unknown) => settings.log('error', 'the shutdown failed', { error }))
      })
    },
    startup: () => lifespan.startup(),
    shutdown: () => lifespan.shutdown(),
  })
}

const NAME = `tsgi-node-http/${process.versions.node}`

/** To `OPTIONS *`, which asks about the server (RFC 9110 §9.3.7). */
const ALLOW = ['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']

function continueUnlessSent(response: ServerResponse): void {
  if (!response.headersSent) response.writeContinue()
}

/** Each hook once, however many ask for it. */
class Lifespan {
  readonly #application: Application
  #starting: Promise<void> | null = null
  #stopping: Promise<void> | null = null
  started: boolean

  constructor(application: Application) {
    this.#application = application
    this.started = application.startup === undefined
  }

  startup(): Promise<void> {
    this.#starting ??= this.#start()
    return this.#starting
  }

  async #start(): Promise<void> {
    await this.#application.startup?.()
    this.started = true
  }

  shutdown(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    await this.#starting?.catch(() => {})
    if (this.started) await this.#application.shutdown?.()
  }
}

const mayHaveBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/**
 * Answers on a connection that `node:http` has let go of. It does so while earlier requests of a pipeline are answered, and
 * throws where a second response is put on it; so this waits until those are out.
 *
 * @param handed what the event gave: the connection or, where a body is still to come, what will be read behind that
 */
function onLetGo(request: IncomingMessage, handed: Duplex, answer: (response: ServerResponse) => void): void {
  const { socket } = request
  // A client that leaves is told by 'close'; unheard, its error would end the process.
  for (const stream of new Set([socket, handed])) stream.on('error', () => {})
  const proceed = (): void => {
    if (!socket.writable) return
    const { _httpMessage: before } = socket as { _httpMessage?: ServerResponse | null }
    if (before) {
      reportDrain(before, socket)
      before.once('close', proceed)
      return
    }
    // Node sets one behind each response of a connection that it keeps.
    socket.setTimeout(0)
    answer(responseOn(request))
  }
  proceed()
}

/** For an application that does not upgrade after all. */
function responseOn(request: IncomingMessage): ServerResponse {
  const { socket } = request
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  reportDrain(response, socket)
  response.assignSocket(socket)
  response.on('finish', () => socket.destroySoon())
  return response
}

/** The server does this for its own connections, but not for one that it has let go of. */
function reportDrain(response: ServerResponse, socket: Socket): void {
  const report = (): void => void response.emit('drain')
  socket.on('drain', report)
  response.once('close', () => socket.off('drain', report))
  // Up to Node 24 the response's own is reset by the server alone.
  Object.defineProperty(response, 'writableNeedDrain', { get: () => socket.writableNeedDrain })
}
