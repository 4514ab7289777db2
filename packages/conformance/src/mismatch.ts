/** What was expected and what came: how a behaviour fails. */
import type { Clause } from './clause.ts'
import type { Force } from './force.ts'

export class Mismatch extends Error {
  readonly expected: string
  readonly got: string
  /** Where it is another clause that is broken than the one that the behaviour proves: an answer that is no HTTP. */
  readonly clause: Clause | undefined
  /** Where it binds less than the behaviour as a whole. */
  readonly force: Force | undefined
  constructor(expected: string, got: string, clause?: Clause, force?: Force) {
    super(`expected ${expected}, got ${got}`)
    this.name = 'Mismatch'
    this.expected = expected
    this.got = got
    this.clause = clause
    this.force = force
  }

  /** The same mismatch with this force. */
  of(force: Force): Mismatch {
    return new Mismatch(this.expected, this.got, this.clause, force)
  }
}

/** @throws Mismatch unless both are the same as JSON */
export function same(what: string, got: unknown, expected: unknown): void {
  const [left, right] = [show(got), show(expected)]
  if (left !== right) throw new Mismatch(`${what}: ${right}`, left)
}

/** @throws Mismatch unless `got` is one of `expected` */
export function among(what: string, got: unknown, expected: readonly unknown[]): void {
  if (!expected.includes(got)) throw new Mismatch(`${what}: ${expected.map(show).join(' or ')}`, show(got))
}

/** @throws Mismatch unless `holds` */
export function holds(condition: boolean, expected: string, got: string): asserts condition {
  if (!condition) throw new Mismatch(expected, got)
}

/** Runs an expectation that binds less than the behaviour as a whole: a mismatch in it has this force. */
export function withForce(force: Force, check: () => void): void {
  try {
    check()
  } catch (error) {
    rethrownWith(force)(error)
  }
}

/** The same for a promise: `.catch(rethrownWith('should'))`. */
export const rethrownWith =
  (force: Force) =>
  (error: unknown): never => {
    throw error instanceof Mismatch ? error.of(force) : error
  }

const SHOWN = 400

/** A value as a reader of a report wants it: JSON, cut where it is long. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text =
    value instanceof Uint8Array ? JSON.stringify(Buffer.from(value).toString('latin1')) : JSON.stringify(value)
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`
}
