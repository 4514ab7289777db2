/** What the matrix found, as plain data: what the grid, the table and the page are made from. */
import { describeClause, type Failure, type Outcome } from '@tsgi/conformance'

export interface Result {
  readonly id: string
  readonly title: string
  readonly clause: string
  readonly verdict: 'passed' | 'failed' | 'blocked' | 'cannot'
  /** Why it cannot hold, or what blocks it. */
  readonly reason?: string
  readonly failure?: {
    readonly expected: string
    readonly got: string
    readonly wire: string
    /** Warnings and errors that the server logged meanwhile. */
    readonly log: readonly string[]
    /** The command that asks the same again. */
    readonly again: string
  }
}

export interface CellResults {
  readonly server: string
  readonly framework: string
  readonly results: readonly Result[]
}

export interface ServerResults {
  readonly server: string
  readonly results: readonly Result[]
}

export interface MatrixResults {
  readonly made: string
  readonly node: string
  readonly servers: readonly string[]
  /** Those of the servers that are shown with some frameworks only, each as a line. */
  readonly hosts: readonly string[]
  readonly frameworks: readonly string[]
  /** Of frameworks and servers, by name; empty where unknown. */
  readonly versions: Readonly<Record<string, string>>
  readonly cells: readonly CellResults[]
  /** By clause, with servers of others beside; empty where it was not asked for. */
  readonly conformance: readonly ServerResults[]
}

/** @param againWith the command that runs a behaviour again, by its id; without it, a curl line for what was sent first */
export function resultOf(outcome: Outcome, againWith?: (id: string) => string): Result {
  const { id, title, clause } = outcome.behaviour
  const base = { id, title, clause: describeClause(outcome.kind === 'failed' ? outcome.failure.clause : clause) }
  if (outcome.kind === 'passed') return { ...base, verdict: 'passed' }
  if (outcome.kind === 'blocked') return { ...base, verdict: 'blocked', reason: `blocked by ${outcome.by}` }
  if (outcome.kind === 'inapplicable') return { ...base, verdict: 'cannot', reason: outcome.reason }
  const { expected, got, wire, log } = outcome.failure
  return {
    ...base,
    verdict: 'failed',
    failure: { expected, got, wire, log, again: againWith?.(id) ?? curlOf(outcome.failure) },
  }
}

export const count = (results: readonly Result[], verdict: Result['verdict']): number =>
  results.filter((result) => result.verdict === verdict).length

/** The first request of a case as a curl line, a body left out; empty where it did not come to a request. */
function curlOf({ wire }: Failure): string {
  const lines = wire.split('\n').flatMap((line) => /^(?:1 )?→ (.*?)␍?␊?$/.exec(line)?.[1] ?? [])
  if (lines[0] === undefined) return ''
  const [method, target] = lines[0].split(' ')
  const end = lines.indexOf('')
  const fields = lines.slice(1, end < 0 ? undefined : end)
  const host =
    fields
      .find((field) => /^host:/i.test(field))
      ?.slice(5)
      .trim() ?? '127.0.0.1'
  const rest = fields.filter((field) => !/^(host|content-length):/i.test(field))
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
  const url = target?.startsWith('/') === true ? `http://${host}${target}` : `http://${host}/`
  return [
    'curl -i',
    '--path-as-is',
    `-X ${method ?? 'GET'}`,
    ...rest.map((field) => `-H ${quoted(field)}`),
    quoted(url),
  ].join(' ')
}
