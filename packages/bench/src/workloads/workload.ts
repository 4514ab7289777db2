import type { Random } from '../random.ts'

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number
  /** Field lines as sent. */
  readonly head: string
  readonly body: Buffer
}

export interface BenchRequest {
  readonly method: 'GET' | 'POST'
  readonly target: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: Buffer
  /** What is wrong with the answer; `null` when nothing is. */
  check(answer: Answer): string | null
}

export interface Workload {
  readonly name: string
  /** For people. */
  readonly title: string
  /** A request with inputs of its own. */
  request(random: Random): BenchRequest
  /** More connections would share the load's processor until none of them is done within a round: bodies are large. */
  readonly mostConnections?: number
  /** Requests that leave in one write. */
  readonly pipeline?: number
  /** Whether each request has a connection to itself. */
  readonly newConnections?: boolean
  /** Whether connections are held open, and it is memory that is measured. */
  readonly idle?: boolean
  readonly database?: boolean
  /** Of every kind of server, whatever its language: nginx can be a row. */
  readonly plainServers?: boolean
}
