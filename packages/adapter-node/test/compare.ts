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
  /** What single requests of the tests may have beyond that. */
  ofOneAnswer: {
    /** A body given whole to `end` after `writeHead` has a length, where Node sends it in chunks. */
    length: 'content-length for transfer-encoding: chunked',
    /** The length of nothing is always said (SPEC L.7). */
    reset: 'content-length: 0 with 205',
    /** Values are bytes (SPEC H.3); Node sends them as UTF-8 with a string body, and spoils content-disposition. */
    latin1: 'a value with bytes over 0x7F is as the listener gave it',
    /** An application cannot close a connection without an answer: before the head, an error is 500 (SPEC F.1). */
    answered: '500 for no answer',
  },
} as const

export type Difference = keyof typeof DIFFERENCES.ofOneAnswer

const ignored: ReadonlySet<string> = new Set(DIFFERENCES.connectionFields)
const clock: ReadonlySet<string> = new Set(DIFFERENCES.clockFields)

export interface Comparable {
  readonly status: number
  readonly fields: readonly (readonly [string, string])[]
  readonly trailers: readonly (readonly [string, string])[]
  readonly body: string
  readonly complete: boolean
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0)

export function comparable(response: WireResponse): Comparable {
  const fields = response.fields
    .filter(([name]) => !ignored.has(name))
    .map(([name, value]) => [name, clock.has(name) ? 'some time' : value] as const)
    .toSorted(byName)
  const { status, trailers, body, complete } = response
  return { status, fields, trailers, body: body.toString('latin1'), complete }
}

/** @param difference that the answer is known to have; it is an error of the test where it has it not */
export function expectSame(actual: Conversation, expected: Conversation, difference?: Difference): void {
  expect(actual.interim.map(comparable)).toEqual(expected.interim.map(comparable))
  expect(actual.final && comparable(actual.final)).toEqual(adjusted(expected.final, difference))
}

function adjusted(node: WireResponse | null, difference: Difference | undefined): unknown {
  if (difference === 'answered') {
    expect(node).toBeNull()
    return expect.objectContaining({ status: 500, complete: true })
  }
  if (node === null) return null
  const like = comparable(node)
  const fields = [...like.fields]
  if (difference === 'length') {
    const at = fields.findIndex(([name, value]) => name === 'transfer-encoding' && value === 'chunked')
    expect(at).toBeGreaterThanOrEqual(0)
    fields.splice(at, 1)
    fields.push(['content-length', String(node.body.length)])
  } else if (difference === 'reset') {
    expect(fields.some(([name]) => name === 'content-length')).toBe(false)
    fields.push(['content-length', '0'])
  } else if (difference === 'latin1') {
    const at = fields.findIndex(([, value]) => SPOILED.test(value))
    expect(at).toBeGreaterThanOrEqual(0)
    const [name, value] = fields[at] as readonly [string, string]
    fields[at] = [name, value.replace(SPOILED, 'é')]
  }
  return { ...like, fields: fields.toSorted(byName) }
}

/** An é of the tests in UTF-8, or what is left of one, each byte as a character. */
const SPOILED = /\u00C3\u00A9|\u00EF\u00BF\u00BD|\uFFFD|\u00FD/
