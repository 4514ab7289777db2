/** The states by name, for tests. */
import * as states from '../src/states.ts'

export const READING: ReadonlyMap<number, string> = new Map([
  [states.IDLE, 'idle'],
  [states.HEAD, 'head'],
  [states.EXPECTED, 'expected'],
  [states.BODY, 'body'],
  [states.AHEAD, 'ahead'],
  [states.REST, 'rest'],
  [states.DISCARDING, 'discarding'],
  [states.FOREIGN, 'foreign'],
])

export const WRITING: ReadonlyMap<number, string> = new Map([
  [states.READY, 'ready'],
  [states.ANSWERING, 'answering'],
  [states.CLOSING, 'closing'],
  [states.LINGERING, 'lingering'],
  [states.UPGRADED, 'upgraded'],
  [states.CLOSED, 'closed'],
])

/** Such as `idle ready`. */
export function nameOf({ reading, writing }: { readonly reading: number; readonly writing: number }): string {
  return `${READING.get(reading) ?? reading} ${WRITING.get(writing) ?? writing}`
}
