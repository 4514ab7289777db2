/** A closed loop of our own: for checks, the first requests, and warming; the ceiling is measured by others. */
import type { PacedRequest } from './pace.ts'
import { RawConnection } from './raw-connection.ts'

export interface ClosedLoopOptions {
  readonly port: number
  readonly requests: readonly PacedRequest[]
  readonly connections: number
  readonly newConnections?: boolean
  /** Ends by whichever comes first. */
  readonly count: number
  readonly duration: number
  /** Which of the requests is the first. Default 0. */
  readonly first?: number
}

export interface ClosedLoopResult {
  readonly answered: number
  readonly errors: number
  readonly wrong: number
  readonly trouble: string | null
  /** Milliseconds. */
  readonly elapsed: number
}

export async function closedLoop(options: ClosedLoopOptions): Promise<ClosedLoopResult> {
  const { port, requests, count, duration, newConnections = false } = options
  const startedAt = performance.now()
  let left = count
  let next = options.first ?? 0
  let answered = 0
  let errors = 0
  let wrong = 0
  let trouble: string | null = null

  async function user(): Promise<void> {
    let connection: RawConnection | null = null
    while (left > 0 && performance.now() - startedAt < duration) {
      left--
      const request = requests[next++ % requests.length] as PacedRequest
      connection = connection === null || connection.closed || newConnections ? open(connection) : connection
      try {
        const answer = await connection.ask(request.bytes)
        answered++
        const complaint = request.check(answer)
        if (complaint !== null) {
          wrong++
          trouble ??= complaint
        }
      } catch (error) {
        errors++
        trouble ??= (error as Error).message
      }
    }
    connection?.destroy()
  }
  const open = (former: RawConnection | null): RawConnection => {
    former?.destroy()
    return new RawConnection(port, () => {})
  }

  await Promise.all(Array.from({ length: options.connections }, user))
  return { answered, errors, wrong, trouble, elapsed: performance.now() - startedAt }
}
