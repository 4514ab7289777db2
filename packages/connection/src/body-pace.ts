/** How fast a request's body comes, measured only while somebody waits for it: an application that takes its time costs the client nothing. */
import type { Timeouts } from '@tsgi/spec/server'

/** A body may begin slowly: its rate counts from here on, in milliseconds. */
const RATE_GRACE = 5_000

export class BodyPace {
  #wantedSince = -1
  #wantedFor = 0
  #received = 0

  /** Another body begins. */
  restart(): void {
    this.#wantedSince = -1
    this.#wantedFor = this.#received = 0
  }

  want(now: number): void {
    if (this.#wantedSince < 0) this.#wantedSince = now
  }

  /** Something came, or the end. */
  received(bytes: number, now: number): void {
    this.#received += bytes
    if (this.#wantedSince < 0) return
    this.#wantedFor += now - this.#wantedSince
    this.#wantedSince = -1
  }

  /** What is too slow about it; `null` while nothing is. */
  complaint(now: number, { body, minBodyRate }: Timeouts): string | null {
    if (this.#wantedSince < 0) return null
    const waited = this.#wantedFor + now - this.#wantedSince
    if (body > 0 && waited >= body) return `the body was not complete after ${body} ms`
    const slow = minBodyRate > 0 && waited >= RATE_GRACE && (this.#received * 1000) / waited < minBodyRate
    return slow ? `the body came slower than ${minBodyRate} bytes a second` : null
  }
}
