/** What the tables are made from: how many hold of each pair, and why others cannot. Small enough to be kept in a repository. */
import { count, type MatrixResults, type Result } from './results.ts'

export interface Tally {
  readonly passed: number
  /** Without those that cannot hold. */
  readonly asked: number
  /** By the id of an exercise or a behaviour, the reason. */
  readonly cannot: Readonly<Record<string, string>>
}

export interface GridCounts extends Pick<MatrixResults, 'made' | 'node' | 'servers' | 'hosts' | 'frameworks'> {
  readonly versions: MatrixResults['versions']
  readonly cells: readonly (Tally & { readonly server: string; readonly framework: string })[]
  /** The servers of the grid by clause; empty where that was not asked for. */
  readonly kit: readonly (Tally & { readonly server: string })[]
}

export function gridCounts(matrix: MatrixResults): GridCounts {
  const { made, node, servers, hosts, frameworks, versions, cells, conformance } = matrix
  return {
    made,
    node,
    servers,
    hosts,
    frameworks,
    versions,
    cells: cells.map(({ server, framework, results }) => ({ server, framework, ...tallyOf(results) })),
    kit: conformance
      .filter(({ server }) => servers.includes(server))
      .map(({ server, results }) => ({ server, ...tallyOf(results) })),
  }
}

const tallyOf = (results: readonly Result[]): Tally => ({
  passed: count(results, 'passed'),
  asked: results.length - count(results, 'cannot'),
  cannot: Object.fromEntries(
    results.flatMap(({ id, verdict, reason = '' }) => (verdict === 'cannot' ? [[id, reason]] : [])),
  ),
})
