/** What applications under test saw, kept in files, so that it does not matter which process saw it. */
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Notes what happened on the application's side, for the check to see, from whichever process. */
export interface Observe {
  (event: string, detail?: unknown): void
}

export interface Observation {
  readonly event: string
  readonly detail?: unknown
  readonly pid: number
}

const fileOf = (folder: string, key: string): string => join(folder, `${encodeURIComponent(key)}.jsonl`)

export function observer(folder: string, key: string): Observe {
  return (event, detail) => {
    const observation: Observation = { event, detail, pid: process.pid }
    appendFileSync(fileOf(folder, key), `${JSON.stringify(observation)}\n`)
  }
}

export function observations(folder: string, key: string): Observation[] {
  let text: string
  try {
    text = readFileSync(fileOf(folder, key), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  // A line that another process is writing has no end yet.
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Observation)
}
