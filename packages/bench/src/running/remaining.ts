/** How long a run still takes, by what its parts took so far. */
export class Remaining {
  #left: number
  #took = 0
  #count = 0
  readonly #guess: number

  /** @param guess milliseconds of a part, until one was measured */
  constructor(parts: number, guess: number) {
    this.#left = parts
    this.#guess = guess
  }

  /** @param milliseconds of all of them together */
  done(parts: number, milliseconds: number): void {
    this.#left -= parts
    this.#took += milliseconds
    this.#count += parts
  }

  skip(parts: number): void {
    this.#left -= parts
  }

  /** Milliseconds of one part. */
  cell(): number {
    return this.#count === 0 ? this.#guess : this.#took / this.#count
  }

  milliseconds(): number {
    return this.#left * this.cell()
  }
}

/** `45 s`, `2 min 5 s`, `3 h 20 min`. */
export function spoken(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
