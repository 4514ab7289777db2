/**
 * An open-loop load: requests leave on schedule, whatever the server does, and time counts from when each should have left.
 * A client that waits for an answer before it asks again is held up by the very stall it should measure.
 */
import type { Answer } from '../workloads/workload.ts'
import { encodeHistogram, latencyHistogram, record } from './latency-histogram.ts'
import { RawConnection } from './raw-connection.ts'
import { startMetronome } from './start-metronome.ts'

export interface PacedRequest {
  readonly bytes: Buffer
  check(answer: Answer): string | null
}

export interface PaceOptions {
  readonly port: number
  /** Requests a second. */
  readonly rate: number
  /** Milliseconds of departures. */
  readonly duration: number
  /** Sent in turn. */
  readonly requests: readonly PacedRequest[]
  /** Open before the first departure. */
  readonly connections: number
  /** A connection for each request. */
  readonly newConnections?: boolean
  /** How long the last answers may take, milliseconds. Default 10 s. */
  readonly patience?: number
}

export interface PaceResult {
  /** Departures on schedule. */
  readonly offered: number
  readonly answered: number
  /** Of the offered, those answered by the end of the schedule, but for the time that one answer takes. */
  readonly achieved: number
  /** Departures that found all connections taken and waited; their time counts all the same. */
  readonly waited: number
  readonly errors: number
  readonly wrong: number
  /** The first that went wrong, for people. */
  readonly trouble: string | null
  /** Encoded histogram of latencies. */
  readonly latencies: string
  /** 99th percentile of how late the generator itself was, microseconds. It is part of the latencies. */
  readonly lateness: number
  /** Of one processor, 0 to 1. */
  readonly generatorBusy: number
}

/** A stall opens this many at most: below the queue of 511 that servers listen with, whose overflow the kernel would drop. */
const MAX_CONNECTIONS = 500
/**
 * Milliseconds. Above 2,500 a second, requests leave in small groups: being woken costs the generator more than sending one, and
 * it shall not be what is measured. At 12,000 a second a request took 63 µs of it before, and 30 µs so.
 */
const SHORTEST_BEAT = 0.4
/** Of the duration, by which answers may trail the schedule and still count as achieved. */
const TRAILING = 0.01

export async function pace(options: PaceOptions): Promise<PaceResult> {
  const { port, rate, duration, requests, patience = 10_000 } = options
  const maxConnections = Math.max(MAX_CONNECTIONS, options.connections)
  const offered = Math.max(1, Math.floor((rate * duration) / 1000))
  const spacing = 1000 / rate
  // All of a group are due at its beat: what leaves later by design must not read as latency.
  const beatLength = Math.max(SHORTEST_BEAT, spacing)
  const grouped = beatLength > spacing
  const due = (number: number): number =>
    startedAt + (grouped ? Math.floor((number * spacing) / beatLength) * beatLength : number * spacing)
  const latencies = latencyHistogram()
  const lateness = latencyHistogram()
  const arrivals = new Float64Array(offered)
  const line: number[] = []
  let lineStart = 0
  let next = 0
  let answered = 0
  let errors = 0
  let wrong = 0
  let waited = 0
  let trouble: string | null = null
  let shortest = Number.POSITIVE_INFINITY
  let finished: () => void = () => {}
  const settled = new Promise<void>((resolve) => (finished = resolve))

  const open = new Set<RawConnection>()
  const idle: RawConnection[] = []
  const connection = (): RawConnection => {
    const made = new RawConnection(port, (closed) => open.delete(closed))
    open.add(made)
    return made
  }
  if (options.newConnections !== true) {
    const first = Array.from({ length: options.connections }, connection)
    await Promise.all(first.map((made) => made.opened()))
    idle.push(...first)
  }

  let startedAt = 0
  const depart = (number: number, through: RawConnection): void => {
    const request = requests[number % requests.length] as PacedRequest
    const intended = due(number)
    through.send(request.bytes, (answer, error) => {
      const now = performance.now()
      if (answer === null) {
        errors++
        trouble ??= error?.message ?? null
      } else {
        record(latencies, now - intended)
        if (now - intended < shortest) shortest = now - intended
        arrivals[answered++] = now
        const complaint = request.check(answer)
        if (complaint !== null) {
          wrong++
          trouble ??= complaint
        }
        if (options.newConnections === true) through.destroy()
        else if (!through.closed) release(through)
      }
      if (answered + errors === offered) finished()
      else if (lineStart < line.length) departFromLine()
    })
  }
  const free = (): RawConnection | null => {
    for (let made = idle.pop(); made !== undefined; made = idle.pop()) if (!made.closed) return made
    return open.size < maxConnections ? connection() : null
  }
  const release = (through: RawConnection): void => void idle.push(through)
  const departFromLine = (): void => {
    while (lineStart < line.length) {
      const through = free()
      if (through === null) return
      depart(line[lineStart++] as number, through)
    }
  }
  const departDue = (): void => {
    departFromLine()
    const now = performance.now()
    for (; next < offered && due(next) <= now; next++) {
      record(lateness, now - due(next))
      const through = lineStart < line.length ? null : free()
      if (through === null) {
        waited++
        line.push(next)
      } else depart(next, through)
    }
  }

  let beat: () => void = () => {}
  const stop = await startMetronome(beatLength, () => beat())
  startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  beat = departDue
  const end = offered * spacing
  const limit = setTimeout(() => finished(), end + patience)
  await settled
  clearTimeout(limit)
  const elapsed = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  await stop()
  for (const made of open) made.destroy()

  const unanswered = offered - answered - errors
  if (unanswered > 0) trouble ??= `${unanswered} requests had no answer ${patience} ms after the last departure`
  const deadline = startedAt + end * (1 + TRAILING) + (Number.isFinite(shortest) ? shortest : 0)
  const onTime = arrivals.subarray(0, answered).reduce((count, at) => (at <= deadline ? count + 1 : count), 0)
  return {
    offered,
    answered,
    achieved: onTime / offered,
    waited,
    errors: errors + unanswered,
    wrong,
    trouble,
    latencies: encodeHistogram(latencies),
    lateness: lateness.totalCount === 0 ? 0 : lateness.getValueAtPercentile(99),
    generatorBusy: (user + system) / 1000 / elapsed,
  }
}
