/** What the applications serve and the checks expect: one place, so that neither can drift from the other. */
import { randomFrom } from '../random.ts'

export const GREETING = 'Hello, World!'
export const ROUTES = 100
export const WORLDS = 10_000
export const STREAM_CHUNKS = 16
export const STREAM_CHUNK_SIZE = 1024

export interface World {
  readonly id: number
  readonly randomNumber: number
}

export interface Fortune {
  readonly id: number
  readonly message: string
}

/** The number that row `id` holds until it is updated. */
export const seededNumber = (id: number): number => ((id * 7919) % WORLDS) + 1

/** A script among them, and letters outside of ASCII: an application that does not escape, or breaks UTF-8, is found out. */
export const FORTUNES: readonly Fortune[] = [
  { id: 1, message: 'A bug that shows itself only on Fridays.' },
  { id: 2, message: 'What was measured once was not measured.' },
  { id: 3, message: 'The shortest queue is the one next to yours.' },
  { id: 4, message: 'Half of the cache is cold; you asked for the other half.' },
  { id: 5, message: '<script>alert("Nobody escapes this & lives.");</script>' },
  { id: 6, message: '計測せよ、しかるのちに速くせよ。' },
  { id: 7, message: 'An average hides the ones who left.' },
  { id: 8, message: 'Whoever waits longest is asked last.' },
  { id: 9, message: "It's faster since it does nothing." },
  { id: 10, message: 'Zwölf Boxkämpfer, ein Prozessor.' },
  { id: 11, message: 'Nothing is as slow as a number you believed.' },
  { id: 12, message: 'The tail wags the user.' },
]
export const ADDED_FORTUNE: Fortune = { id: 0, message: 'Added at the time of the request.' }

/** As the page lists them: with the one that is added, by message. */
export function withAdded(fortunes: readonly Fortune[]): Fortune[] {
  return [...fortunes, ADDED_FORTUNE].sort((a, b) => (a.message < b.message ? -1 : a.message > b.message ? 1 : 0))
}

export const streamChunk = (at: number): string => String.fromCharCode(97 + (at % 26)).repeat(STREAM_CHUNK_SIZE)

/** How many rows a client asked for, between 1 and 500 whatever it sent. */
export function rowCount(asked: string | null | undefined): number {
  const count = Math.trunc(Number(asked ?? 1))
  return Number.isNaN(count) ? 1 : Math.min(500, Math.max(1, count))
}

export const randomId = (): number => 1 + Math.floor(Math.random() * WORLDS)

export const FILES = { '1k.bin': 1024, '100k.bin': 102_400, '10m.bin': 10_485_760 } as const
export type FileName = keyof typeof FILES

/** The same bytes each time. */
export function fileContent(name: FileName): Buffer {
  const content = Buffer.allocUnsafe(FILES[name])
  const random = randomFrom(FILES[name])
  for (let at = 0; at < content.length; at += 4) content.writeInt32LE((random() * 2 ** 32) | 0, at)
  return content
}
