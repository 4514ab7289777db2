import { expect } from 'vitest'
import type { Conversation, WireResponse } from './wire.ts'

/**
 * How an answer through TSGI may differ from `node:http`'s, and why. All else of status, fields and body is equal. The
 * README has the same list in words.
 */
export const DIFFERENCES = {
  /** A TSGI application answers with a number; the phrase is the server's (SPEC S.1). */
  reasonPhrase: 'not compared',
  /** Names are in lower case (SPEC H.2); they are compared without regard to case. */
  nameCase: 'not compared',
  /** Node groups its own fields behind the listener's; TSGI servers put theirs where they like. */
  order: 'only among fields of one name',
  /** Connections are the server's (SPEC H.6), and each has its own idea of how to say that one stays open. */
  connectionFields: ['connection', 'keep-alive'],
  /** The clock went on. */
  clockFields: ['date'],
} as const

const ignored: ReadonlySet<string> = new Set(DIFFERENCES.connectionFields)
const clock: ReadonlySet<string> = new Set(DIFFERENCES.clockFields)

export interface Comparable {
  readonly status: number
  readonly fields: readonly (readonly [string, string])[]
  readonly trailers: readonly (readonly [string, string])[]
  readonly body: string
  readonly complete: boolean
}

export function comparable(response: WireResponse): Comparable {
  const fields = response.fields
    .filter(([name]) => !ignored.has(name))
    .map(([name, value]) => [name, clock.has(name) ? 'some time' : value] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const { status, trailers, body, complete } = response
  return { status, fields, trailers, body: body.toString('latin1'), complete }
}

export function expectSame(actual: Conversation, expected: Conversation): void {
  expect(actual.interim.map(comparable)).toEqual(expected.interim.map(comparable))
  expect(actual.final && comparable(actual.final)).toEqual(expected.final && comparable(expected.final))
}
