import { timerDelay } from '@tsgi/spec/server'
import type { Settings } from './settings.ts'

/** Milliseconds for which a slow body is forgiven. */
const RATE_GRACE = 5000

/** Measures how long a reader has waited for a body: the clock stands while nothing is read, so a slow application is not the client's fault. */
export class BodyClock {
  readonly #timeout: number
  readonly #rate: number
  #received = 0
  #timer: NodeJS.Timeout | null = null
  /** Milliseconds that readers have waited so far, and since when the present one does. */
  #waited = 0
  #waitingSince = 0

  constructor({ bodyTimeout, minBodyRate }: Pick<Settings, 'bodyTimeout' | 'minBodyRate'>) {
    this.#timeout = bodyTimeout || Number.POSITIVE_INFINITY
    this.#rate = minBodyRate
  }

  received(bytes: number): void {
    this.#received += bytes
  }

  /** A reader waits. `onTooSlow` is called where it has waited for too long. */
  want(onTooSlow: (complaint: string) => void): void {
    if (this.#timer !== null) return
    const allowed = Math.min(this.#timeout, this.#rateAllows)
    if (allowed === Number.POSITIVE_INFINITY) return
    this.#waitingSince = performance.now()
    const left = timerDelay(Math.max(0, allowed - this.#waited))
    this.#timer = setTimeout(() => onTooSlow('the body arrived too slowly'), left)
  }

  stop(): void {
    if (this.#timer === null) return
    clearTimeout(this.#timer)
    this.#timer = null
    this.#waited += performance.now() - this.#waitingSince
  }

  get #rateAllows(): number {
    return this.#rate === 0 ? Number.POSITIVE_INFINITY : RATE_GRACE + (this.#received / this.#rate) * 1000
  }
}
