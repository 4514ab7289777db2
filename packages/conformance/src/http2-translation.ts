/**
 * HTTP/1.1 on the one side, HTTP/2 on the other: so that behaviours which are written as requests of HTTP/1.1 are asked of an
 * HTTP/2 connection too. Requests are sent one after another. A stream that is reset is a connection that breaks.
 */
import http2 from 'node:http2'
import { Duplex } from 'node:stream'
import { type RequestHead, RequestParser } from '@tsgi/http1'

/** Fields of an HTTP/1.1 connection, which have no place in HTTP/2 (RFC 9113 §8.2.2). */
const OF_THE_CONNECTION = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])
const LIMITS = { maxTargetSize: 1e6, maxHeaderSize: 1e6, maxHeaders: 10_000, maxBodySize: Number.MAX_SAFE_INTEGER }

export class Http2Translation extends Duplex {
  readonly #session: http2.ClientHttp2Session
  readonly #parser = new RequestParser(LIMITS)
  #stream: http2.ClientHttp2Stream | null = null
  /** The request is sent whole, as well as its response received. */
  #requestDone = true
  #responseDone = true
  #closes = false
  /** The writer of a body that the server does not take yet. */
  #waiting: ((error?: Error | null) => void) | null = null
  readonly #resume = (): void => {
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting !== null) this.#process(waiting)
  }

  /** @param connected what the session speaks over */
  constructor(authority: string, connected: Duplex) {
    super({ allowHalfOpen: true })
    this.#session = http2.connect(authority, { createConnection: () => connected })
    this.#session.on('error', (error) => this.destroy(error))
    this.#session.on('close', () => this.push(null))
    // A library whose socket may be half open waits for ever.
    connected.on('end', () => setImmediate(() => connected.destroy()))
    // RFC 9113 §6.8: what is open is still answered.
    this.#session.on('goaway', () => {
      this.#closes = true
      if (this.#stream === null) this.#finish()
    })
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#parser.receive(chunk)
    this.#process(done)
  }

  override _final(done: () => void): void {
    // The client's end says nothing that a stream could say: what is under way is answered.
    this.#closes = true
    if (this.#stream === null) this.#session.close()
    done()
  }

  override _read(): void {
    this.#stream?.resume()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#session.destroy()
    done(error)
  }

  /** @param done called when more may be written */
  #process(done: (error?: Error | null) => void): void {
    for (;;) {
      if (this.#requestDone && !this.#responseDone) break
      const event = this.#parser.next()
      if (event.type === 'request') this.#begin(event)
      else if (event.type === 'data') {
        const bytes = Buffer.from(event.bytes)
        if (this.#stream !== null && !this.#stream.destroyed && !this.#stream.write(bytes)) {
          this.#parser.release()
          this.#waiting = done
          this.#stream.once('drain', this.#resume)
          return
        }
      } else if (event.type === 'end') this.#end(event.trailers)
      else if (event.type === 'error') return done(new Error(`no request that could be translated: ${event.message}`))
      else break
    }
    this.#parser.release()
    done()
  }

  #begin({ method, path, query, headers, host, bodyLength, keepAlive }: RequestHead): void {
    const sent: string[] = [':method', method, ':scheme', 'http', ':authority', host]
    sent.push(':path', query === '' ? path : `${path}?${query}`)
    for (let at = 0; at < headers.length; at += 2) {
      const name = headers[at] as string
      if (!OF_THE_CONNECTION.has(name)) sent.push(name, headers[at + 1] as string)
    }
    this.#closes ||= !keepAlive
    const stream = this.#session.request(sent, {
      endStream: bodyLength === 0,
      waitForTrailers: bodyLength !== 0,
    } as object)
    this.#stream = stream
    this.#requestDone = this.#responseDone = false
    let chunked = false
    stream.on('headers', ({ ':status': status }, _flags, raw: readonly string[] = []) => {
      this.push(`HTTP/1.1 ${status} Interim\r\n${lines(raw)}\r\n`, 'latin1')
    })
    stream.on('response', ({ ':status': status = 0 }, flags, raw: readonly string[] = []) => {
      const bare = method === 'HEAD' || status === 204 || status === 304 || raw.includes('content-length')
      chunked = !bare && !isLast(flags)
      const framing = chunked ? 'transfer-encoding: chunked\r\n' : bare ? '' : 'content-length: 0\r\n'
      this.push(`HTTP/1.1 ${status} ${http2Reason(status)}\r\n${lines(raw)}${framing}\r\n`, 'latin1')
    })
    let trailers = ''
    stream.on('trailers', (_headers, _flags, raw: readonly string[] = []) => (trailers = lines(raw)))
    stream.on('data', (bytes: Buffer) => {
      const framed = chunked ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, CRLF]) : bytes
      if (!this.push(framed)) stream.pause()
    })
    let whole = false
    stream.on('end', () => {
      whole = true
      if (chunked && stream.rstCode === 0) this.push(`0\r\n${trailers}\r\n`, 'latin1')
    })
    stream.on('error', () => {})
    stream.on('close', () => {
      this.#stream = null
      this.#responseDone = true
      // The server wants no more of the request: in HTTP/1.1 only the end of a connection says so.
      this.#closes ||= !this.#requestDone
      this.#requestDone = true
      this.#resume()
      if (stream.rstCode !== 0 || !whole)
        this.destroy(Object.assign(new Error('the stream ended early'), { code: 'ECONNRESET' }))
      else if (this.#closes) this.#finish()
      else this.#process(() => {})
    })
  }

  /** No request follows. */
  #finish(): void {
    this.#session.close()
    this.push(null)
  }

  #end(trailers: readonly string[] | null): void {
    this.#requestDone = true
    const stream = this.#stream
    if (stream === null || stream.destroyed || stream.writableEnded) return
    stream.once('wantTrailers', () => {
      const block: Record<string, string> = {}
      for (let at = 0; at < (trailers?.length ?? 0); at += 2)
        block[trailers?.[at] as string] = trailers?.[at + 1] as string
      stream.sendTrailers(block)
    })
    stream.end()
  }
}

const CRLF = Buffer.from('\r\n')

/** END_STREAM (RFC 9113 §6.2). */
const isLast = (flags: number): boolean => (flags & 1) !== 0

const http2Reason = (status: number): string => (status === 200 ? 'OK' : 'Translated')

function lines(raw: readonly string[]): string {
  let text = ''
  for (let at = 0; at < raw.length; at += 2) if (!raw[at]?.startsWith(':')) text += `${raw[at]}: ${raw[at + 1]}\r\n`
  return text
}
