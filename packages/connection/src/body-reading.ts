/** What a connection keeps of request bodies. It is made for the first one, since most connections never carry any. */
import { BodyError, type BodySource } from '@tsgi/exchange'
import { ownCopy } from '@tsgi/exchange/body-memory'
import type { Bytes, HeaderList } from '@tsgi/spec'
import { BodyPace } from './body-pace.ts'
import type { RequestReader } from './wire.ts'
import { EXPECTED, type ReadingState } from './states.ts'

/** What is done about the body of the present request. */
export interface BodyOwner {
  /** The application reads a body whose client waits for `100 Continue`. */
  bodyAskedFor(): void
  /** The application has read the body to its end. */
  bodyEnded(): void
  /** The rest of the body cannot be read, nor anything after it. */
  bodyFailed(): void
}

/** The half of the connection that the body comes by. */
export interface ReceivingHalf {
  readonly state: ReadingState
  readonly parser: RequestReader
  /** The clock's milliseconds. */
  readonly now: number
  /** Lets the transport deliver where something takes what comes. */
  adjust(): void
}

export class BodyReading implements BodySource {
  trailers: HeaderList | null = null
  readonly pace: BodyPace = new BodyPace()
  /** Bytes that may still be thrown away of a body's rest. */
  allowance = 0
  readonly #reading: ReceivingHalf
  readonly #owner: BodyOwner

  constructor(reading: ReceivingHalf, owner: BodyOwner) {
    this.#reading = reading
    this.#owner = owner
  }

  /** Another body begins. */
  restart(): void {
    this.trailers = null
    this.pace.restart()
  }

  // BodySource: what an input asks for

  pull(size: number): Bytes | null | 'end' {
    const reading = this.#reading
    if (reading.state === EXPECTED) this.#owner.bodyAskedFor()
    const event = reading.parser.next(size)
    switch (event.type) {
      case 'data':
        this.pace.received(event.bytes.length, reading.now)
        // The caller's to keep; what was received is in a buffer that all connections share.
        return ownCopy(event.bytes)
      case 'end':
        this.trailers = event.trailers
        this.pace.received(0, reading.now)
        this.#owner.bodyEnded()
        return 'end'
      case 'error':
        this.#owner.bodyFailed()
        throw new BodyError(event.status === 413 ? 413 : 400, event.message)
      default:
        return null
    }
  }

  want(): void {
    this.pace.want(this.#reading.now)
    this.#reading.adjust()
  }
}
