/** One WebSocket: the codec of the `ws` library between the bytes of an upgraded connection and the messages of a handler. */
import { Buffer } from 'node:buffer'
import { isPromise, type BodyWriter, type Bytes, type Input } from '@tsgi/spec'
import { Sender, type CodecError, type PerMessageDeflate, type Receiver } from './codec.ts'
import { closeCodeFor, GOING_AWAY, INTERNAL_ERROR, LOST, maySend, NO_CODE, NORMAL } from './close-codes.ts'
import { type WebSocketBacklogError, WebSocketClosedError } from './errors.ts'
import type { Accepted } from './handshake.ts'
import { Heartbeat } from './heartbeat.ts'
import { Incoming, type Message } from './incoming.ts'
import type { Settings } from './options.ts'
import { Outgoing } from './outgoing.ts'
import { quiet } from './quiet.ts'
import { COMPRESSED_SLICE, feed, receiverFor } from './receiver.ts'
import type { Closing, WebSocketConnection, WebSocketHandler } from './web-socket-connection.ts'

export class Connection implements WebSocketConnection {
  readonly protocol: string
  readonly #settings: Settings
  readonly #deflate: PerMessageDeflate | null
  readonly #input: Input
  /** While nothing is read, that messages are taken is what says that the connection is of use. */
  readonly #incoming = new Incoming(() => this.#heartbeat?.hear())
  readonly #outgoing: Outgoing
  readonly #receiver: Receiver
  readonly #sender: Sender
  #heartbeat: Heartbeat | null = null
  /** A close was given to the sender: nothing follows it. */
  #closing = false
  /** It has left the sender, which may still have been compressing what is before it. */
  #closeSent = false
  #closeTimer: NodeJS.Timeout | undefined
  /** The client's own close, or what is wrong with its bytes: the end, as soon as our close has left. */
  #verdict: Closing | null = null
  #ended: Closing | null = null
  readonly #end = Promise.withResolvers<Closing>()
  #controller: AbortController | null = null
  #failure: unknown = null
  #inflating = false
  /** Bytes of messages that are being compressed. */
  #compressing = 0
  /** The newest ping that waits for room to be answered; older ones need no answer (RFC 6455 §5.5.3). */
  #unanswered: Uint8Array | null = null

  constructor({ protocol, deflate }: Accepted, settings: Settings, input: Input, out: BodyWriter) {
    this.protocol = protocol
    this.#settings = settings
    this.#deflate = deflate
    this.#input = input
    this.#outgoing = new Outgoing(out, settings.maxBacklog, this)
    const extensions = deflate === null ? {} : { 'permessage-deflate': deflate }
    this.#sender = new Sender(this.#outgoing, extensions)
    this.#receiver = receiverFor(extensions, settings.maxPayload)
      .on('message', (data, isBinary) =>
        this.#incoming.add(isBinary ? new Uint8Array(data.buffer, data.byteOffset, data.length) : data.toString()),
      )
      .on('ping', (data) => this.#answer(data))
      .on('conclude', (code, reason) =>
        this.#conclude(code === NO_CODE ? undefined : code, '', { code, reason: reason.toString() }),
      )
  }

  /** Settles when the handler has ended and the connection may be closed; rejects with what the handler failed with. */
  async run(handler: WebSocketHandler, draining: AbortSignal | undefined): Promise<void> {
    const { idleTimeout } = this.#settings
    if (idleTimeout > 0) {
      this.#heartbeat = new Heartbeat(
        idleTimeout,
        () => this.#ping(),
        () => this.#finish({ code: LOST, reason: this.#incoming.full ? UNTAKEN : 'the client gave no sign of life' }),
      )
    }
    void this.#receive()
    const goAway = (): void => this.close(GOING_AWAY, 'the server is about to stop; connect again')
    if (draining?.aborted === true) goAway()
    else draining?.addEventListener('abort', goAway, { once: true })
    try {
      const result = handler(this)
      if (typeof result === 'object' && isPromise(result)) await result
    } catch (error) {
      // To send to a client that has left is how most handlers notice it.
      if (!(error instanceof WebSocketClosedError && error.socket === this)) this.#failure ??= error
    }
    this.close(this.#failure === null ? NORMAL : INTERNAL_ERROR)
    this.#incoming.discard()
    await this.#end.promise
    draining?.removeEventListener('abort', goAway)
    if (this.#failure !== null) throw this.#failure
  }

  // For the handler

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      if (this.#ended !== null) this.#controller.abort(abortReason(this.#ended))
    }
    return this.#controller.signal
  }

  get closed(): Promise<Closing> {
    return this.#end.promise
  }

  [Symbol.asyncIterator](): AsyncIterator<Message> {
    return this.#incoming
  }

  send(message: string | Uint8Array): void | Promise<void> {
    if (typeof message !== 'string' && !(message instanceof Uint8Array)) {
      throw new TypeError(
        `expected a string or a Uint8Array to send, got ${message === null ? 'null' : typeof message}`,
      )
    }
    if (this.#closing) return quiet(Promise.reject(new WebSocketClosedError(this)))
    if (this.#deflate !== null) return this.#sendCompressed(message)
    this.#sender.send(message, typeof message === 'string' ? TEXT : BINARY)
    return this.#outgoing.room ?? undefined
  }

  close(code: number = NORMAL, reason = ''): void {
    if (!maySend(code)) {
      throw new RangeError(`expected a close code of 1000–1003, 1007–1014 or 3000–4999, got ${String(code)}`)
    }
    if (Buffer.byteLength(reason) > 123) {
      throw new RangeError(`expected a reason of at most 123 bytes, got ${Buffer.byteLength(reason)}`)
    }
    this.#close(code, reason)
  }

  #sendCompressed(message: string | Uint8Array): void | Promise<void> {
    const size = message.length
    const sent = Promise.withResolvers<void>()
    let waits = true
    this.#compressing += size
    this.#sender.send(message, typeof message === 'string' ? COMPRESSED_TEXT : COMPRESSED_BINARY, (error) => {
      waits = false
      this.#compressing -= size
      if (error) sent.reject(new WebSocketClosedError(this))
      else sent.resolve(this.#outgoing.room ?? undefined)
    })
    // A short message is not compressed.
    if (!waits) return this.#outgoing.room ?? undefined
    if (this.#compressing > this.#settings.maxBacklog) this.givenUp(this.#outgoing.tooMuch())
    return quiet(sent.promise)
  }

  // From the client

  async #receive(): Promise<void> {
    try {
      while (this.#ended === null) {
        if (this.#incoming.full) {
          await this.#incoming.whenRoomy()
          continue
        }
        const read = this.#input.read()
        const bytes = isPromise(read) ? await read : read
        if (bytes.length === 0) break
        this.#heartbeat?.hear()
        if (this.#verdict !== null) continue
        if (this.#deflate === null) feed(this.#receiver, bytes, this.#read)
        else await this.#readSlowly(bytes)
      }
    } catch {
      // The client is gone.
    }
    this.#finish(this.#verdict ?? { code: LOST, reason: '' })
  }

  /** Decompression is not done at once, and makes much of little. */
  async #readSlowly(bytes: Bytes): Promise<void> {
    for (let at = 0; at < bytes.length; at += COMPRESSED_SLICE) {
      if (this.#incoming.full) await this.#incoming.whenRoomy()
      if (this.#verdict !== null || this.#ended !== null) return
      this.#inflating = true
      const error = await new Promise<CodecError | null | undefined>((resolve) =>
        feed(this.#receiver, bytes.subarray(at, at + COMPRESSED_SLICE), resolve),
      )
      this.#inflating = false
      this.#release()
      this.#read(error)
    }
  }

  #answer(ping: Uint8Array): void {
    if (this.#closing) return
    if (this.#outgoing.room === null) this.#sender.pong(ping, false)
    else this.#unanswered = Uint8Array.from(ping)
  }

  #ping(): boolean {
    // While what was sent waits for it, it cannot answer: the server's write timeout watches that.
    // While it is not read from, its answer is not read either: this write fails where it has left.
    if (this.#closing || this.#outgoing.room !== null) {
      this.#heartbeat?.hear()
      return false
    }
    this.#sender.ping('', false)
    return true
  }

  /** The codec has read what it was fed. */
  readonly #read = (error?: CodecError | null): void => {
    if (!error || this.#verdict !== null) return
    const code = closeCodeFor(error)
    this.#conclude(code, error.message, { code, reason: error.message })
  }

  /** The client's side is over. What is sent of ours is a close, if that was not sent before. */
  #conclude(code: number | undefined, reason: string, verdict: Closing): void {
    this.#verdict = verdict
    if (this.#closeSent) this.#finish(verdict)
    else this.#close(code, reason)
  }

  // From the writer

  roomy(): void {
    const ping = this.#unanswered
    this.#unanswered = null
    if (ping !== null) this.#answer(ping)
  }

  givenUp(error: WebSocketBacklogError): void {
    this.#failure ??= error
    this.#finish({ code: LOST, reason: error.message })
  }

  lost(): void {
    this.#finish(this.#verdict ?? { code: LOST, reason: '' })
  }

  closedError(): WebSocketClosedError {
    return new WebSocketClosedError(this)
  }

  // The end

  #close(code: number | undefined, reason: string): void {
    if (this.#closing) return
    this.#closing = true
    const { closeTimeout } = this.#settings
    const late = { code: LOST, reason: `the client did not answer a close within ${closeTimeout} ms` }
    this.#closeTimer = setTimeout(() => this.#finish(late), closeTimeout)
    this.#sender.close(code, reason, false, () => {
      this.#closeSent = true
      if (this.#verdict !== null) this.#finish(this.#verdict)
    })
  }

  #finish(closing: Closing): void {
    if (this.#ended !== null) return
    this.#ended = closing
    this.#closing = true
    this.#outgoing.end()
    this.#heartbeat?.stop()
    clearTimeout(this.#closeTimer)
    this.#incoming.end()
    this.#controller?.abort(abortReason(closing))
    this.#end.resolve(closing)
    this.#release()
  }

  /** Memory of the compression, once neither half of the codec is at work. */
  #release(): void {
    if (this.#ended !== null && !this.#inflating) this.#deflate?.cleanup()
  }
}

const TEXT = { binary: false, compress: false, fin: true, mask: false }
const BINARY = { ...TEXT, binary: true }
const COMPRESSED_TEXT = { ...TEXT, compress: true }
const COMPRESSED_BINARY = { ...BINARY, compress: true }

const UNTAKEN = 'the handler took no message within the idle timeout, and more are waiting than are kept'

const abortReason = ({ code, reason }: Closing): DOMException =>
  new DOMException(`the WebSocket ended with ${code}${reason === '' ? '' : `: ${reason}`}`, 'AbortError')
