/** What a check is given: connections, requests, and what the application and the server's log saw. */
import type { ServeOptions } from '@tsgi/spec/server'
import { Mismatch, show } from './mismatch.ts'
import { type Observation, observations } from './observations.ts'
import type { WireResponse } from './response-reader.ts'
import type { Started } from './started.ts'
import type { Transcript } from './transcript.ts'
import { type Target, Wire } from './wire.ts'

export interface RequestParts {
  readonly method?: string
  readonly version?: string
  /** Lines such as `Expect: 100-continue`, besides Host. */
  readonly fields?: readonly string[]
  /** Sent with Content-Length. */
  readonly body?: string | Uint8Array
}

const POLL = 10

export class Case {
  /** Path of the behaviour's own application, with the case's key; `/` where it has none. */
  readonly path: string
  /** Under which the application's observations are found. */
  readonly key: string
  /** Whether the behaviour's own application answers. */
  readonly probe: boolean
  readonly target: Target
  readonly options: ServeOptions
  readonly #started: Started
  /** Where observations are. */
  readonly folder: string
  readonly #transcript: Transcript
  readonly #signal: AbortSignal
  readonly #wires: Wire[] = []

  constructor(at: {
    path: string
    probe: boolean
    key: string
    started: Started
    options: ServeOptions
    transcript: Transcript
    signal: AbortSignal
  }) {
    this.path = at.path
    this.probe = at.probe
    this.target = at.started.target
    this.options = at.options
    this.key = at.key
    this.#started = at.started
    this.folder = at.started.folder
    this.#transcript = at.transcript
    this.#signal = at.signal
  }

  async connect(): Promise<Wire> {
    const wire = await Wire.connect(this.target, this.#transcript, this.#signal)
    this.#wires.push(wire)
    return wire
  }

  get host(): string {
    return `${this.target.host}:${this.target.port}`
  }

  /** A request as text, with Host, and Content-Length where there is a body. */
  text(path: string, parts: RequestParts = {}): string {
    const { method = 'GET', version = 'HTTP/1.1', fields = [], body } = parts
    const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
    const lines = [`${method} ${path} ${version}`, `Host: ${this.host}`, ...length, ...fields]
    const text = body === undefined ? '' : Buffer.from(body).toString('latin1')
    return `${lines.join('\r\n')}\r\n\r\n${text}`
  }

  /** One request on a connection of its own. */
  async request(path: string = this.path, parts: RequestParts = {}): Promise<WireResponse> {
    const wire = await this.connect()
    return await wire.send(this.text(path, parts)).response(parts.method)
  }

  /** The same path with more query. */
  with(query: string): string {
    return `${this.path}${this.path.includes('?') ? '&' : '?'}${query}`
  }

  /** Waits until the application saw `event`, `count` times; all that it saw. */
  async observed(event: string, count = 1): Promise<Observation[]> {
    return await this.#poll(
      () => observations(this.folder, this.key),
      (seen) => seen.filter((one) => one.event === event).length >= count,
      `the application to see "${event}"${count === 1 ? '' : ` ${count} times`}`,
    )
  }

  /** What the application saw under another key. */
  seen(key: string = this.key): Observation[] {
    return observations(this.folder, key)
  }

  /** Waits until the server's log has an entry with `text` in its message or in its error. */
  async logged(text: string): Promise<string> {
    const log = await this.#poll(
      () => this.#started.log,
      (lines) => lines.some((line) => line.includes(text)),
      `the server's log to hold ${show(text)}`,
    )
    return log.find((line) => line.includes(text)) as string
  }

  /** Lines of the server's log up to now: the level, the message and the error of each. */
  get log(): readonly string[] {
    return this.#started.log
  }

  /** Stops the server. Resolves when it has stopped; a check may look at other things meanwhile. */
  stop(graceful?: number): Promise<void> {
    this.#transcript.event(0, 'the server is told to stop')
    const stopped = this.#started.stop(graceful).then(() => this.#transcript.event(0, 'the server stopped'))
    // Where the check fails before it waits for this, its failure is what counts.
    stopped.catch(() => {})
    return stopped
  }

  async #poll<T>(read: () => T, done: (value: T) => boolean, purpose: string): Promise<T> {
    for (;;) {
      const value = read()
      if (done(value)) return value
      if (this.#signal.aborted) throw new Mismatch(purpose, `${show(value)} within the deadline of the case`)
      await new Promise((resolve) => setTimeout(resolve, POLL))
    }
  }

  /** Closes what the check left open. */
  dispose(): void {
    for (const wire of this.#wires) wire.close()
  }
}
