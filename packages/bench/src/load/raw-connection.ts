import { connect, type Socket } from 'node:net'
import type { Answer } from '../workloads/workload.ts'
import { AnswerReader } from './answer-reader.ts'

/** Told once for each request: its answer, or why there is none. */
export interface Outcome {
  (answer: Answer | null, error: Error | null): void
}

/** A connection of our own making: what is sent leaves at once, and nobody else's client stands between. */
export class RawConnection {
  readonly #socket: Socket
  readonly #pending: Outcome[] = []
  readonly #reader: AnswerReader
  #closed = false

  /** @param closed called once, after the outcomes of what was pending */
  constructor(port: number, closed: (connection: RawConnection) => void) {
    this.#reader = new AnswerReader((answer) => this.#pending.shift()?.(answer, null))
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let reason: Error | null = null
    this.#socket.on('data', (bytes: Buffer) => {
      try {
        this.#reader.push(bytes)
      } catch (error) {
        this.#socket.destroy(error as Error)
      }
    })
    this.#socket.on('end', () => this.#reader.end())
    this.#socket.on('error', (error) => (reason = error))
    this.#socket.on('close', () => {
      this.#closed = true
      for (const outcome of this.#pending.splice(0)) {
        outcome(null, reason ?? new Error('the server closed the connection before it had answered'))
      }
      closed(this)
    })
  }

  get closed(): boolean {
    return this.#closed || this.#socket.destroyed || this.#socket.readableEnded
  }

  /** Requests without an answer yet. */
  get pending(): number {
    return this.#pending.length
  }

  opened(): Promise<void> {
    if (!this.#socket.connecting) return Promise.resolve()
    return new Promise((resolve, reject) => this.#socket.once('connect', resolve).once('error', reject))
  }

  /** @param outcomes one for each request that `bytes` holds */
  send(bytes: Buffer, ...outcomes: readonly Outcome[]): void {
    this.#pending.push(...outcomes)
    this.#reader.expect(outcomes.length)
    this.#socket.write(bytes)
  }

  ask(bytes: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) =>
      this.send(bytes, (answer, error) => (answer === null ? reject(error as Error) : resolve(answer))),
    )
  }

  destroy(): void {
    this.#socket.destroy()
  }
}
