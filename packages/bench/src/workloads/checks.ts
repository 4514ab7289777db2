/** What an answer must be. Each gives what was expected and what came, or `null`. */
import { WORLDS, type World } from '../data/content.ts'
import type { Answer } from './workload.ts'

export function expectBody(answer: Answer, expected: string | Buffer, type?: string): string | null {
  const wrong = expectHead(answer, type)
  if (wrong !== null) return wrong
  const bytes = typeof expected === 'string' ? Buffer.from(expected) : expected
  if (bytes.equals(answer.body)) return null
  return `expected ${bytes.length} bytes ${excerpt(bytes)}; came ${answer.body.length} bytes ${excerpt(answer.body)}`
}

export function expectHead(answer: Answer, type?: string): string | null {
  if (answer.status !== 200) return `expected 200; came ${answer.status} ${excerpt(answer.body)}`
  if (type === undefined) return null
  const came = /^content-type:[ \t]*(.*)$/im.exec(answer.head)?.[1]
  return came?.startsWith(type) === true ? null : `expected content-type ${type}; came ${came ?? 'none'}`
}

/** The JSON value of an answer, told by `check` whether it is right. */
export function expectJson(answer: Answer, check: (value: unknown) => boolean, expected: string): string | null {
  const wrong = expectHead(answer, 'application/json')
  if (wrong !== null) return wrong
  try {
    if (check(JSON.parse(answer.body.toString()))) return null
  } catch {
    // Told below, with what came.
  }
  return `expected ${expected}; came ${excerpt(answer.body)}`
}

export function isWorld(value: unknown): value is World {
  if (typeof value !== 'object' || value === null) return false
  const { id, randomNumber } = value as Partial<Record<keyof World, unknown>>
  return isRowNumber(id) && isRowNumber(randomNumber)
}

const isRowNumber = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= WORLDS

function excerpt(bytes: Buffer): string {
  const text = bytes.subarray(0, 80).toString()
  return JSON.stringify(bytes.length > 80 ? `${text}…` : text)
}
