/**
 * Time for timeouts: monotonic, coarse, and read without asking the system. One timer serves a whole server; it runs
 * only while there are connections.
 */
import { httpDate } from '@tsgi/http-fields'

const MAX_RESOLUTION = 500
const MIN_RESOLUTION = 5

export class Clock {
  /** Milliseconds since some moment; as exact as the resolution. */
  now: number = monotonic()
  /** The `date` line of responses, remade once a second at the most (RFC 9110 §6.6.1). */
  dateLine = ''
  #second = 0
  readonly #resolution: number
  readonly #onTick: (now: number) => void
  #timer: NodeJS.Timeout | null = null

  /** @param shortest of the timeouts in milliseconds: ticks come eight times as often, within reason */
  constructor(shortest: number, onTick: (now: number) => void) {
    this.#resolution = Math.min(MAX_RESOLUTION, Math.max(MIN_RESOLUTION, Math.floor(shortest / 8)))
    this.#onTick = onTick
    this.#refresh()
  }

  start(): void {
    if (this.#timer !== null) return
    this.#refresh()
    this.#timer = setInterval(() => {
      this.#refresh()
      this.#onTick(this.now)
    }, this.#resolution)
    this.#timer.unref()
  }

  stop(): void {
    if (this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  #refresh(): void {
    this.now = monotonic()
    const wall = Date.now()
    const second = Math.floor(wall / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.dateLine = `date: ${httpDate(wall)}\r\n`
    }
  }
}

/**
 * Whole milliseconds, so that they stay small integers. Not `performance`, which the runtime loads when it is first asked for:
 * 2 % of the start of a process that serves one connection.
 */
export function monotonic(): number {
  return Math.floor(process.uptime() * 1000)
}
