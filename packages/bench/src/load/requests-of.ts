import { randomFrom } from '../random.ts'
import type { BenchRequest, Workload } from '../workloads/workload.ts'
import type { PacedRequest } from './pace.ts'
import { wireRequest } from './wire-request.ts'

/** Large bodies are few, so that memory is not what is measured. */
const REQUESTS = 128
const LARGE_REQUESTS = 4

/** Requests of a workload with random inputs; the same for the same seed. */
export function requestsOf(workload: Workload, seed: number): BenchRequest[] {
  const random = randomFrom(seed)
  const first = workload.request(random)
  const count = first.body === undefined ? REQUESTS : LARGE_REQUESTS
  return [first, ...Array.from({ length: count - 1 }, () => workload.request(random))]
}

export function onTheWire(requests: readonly BenchRequest[], host: string, workload: Workload): PacedRequest[] {
  return requests.map((request) => ({
    bytes: wireRequest(request, host, workload.newConnections === true),
    check: (answer) => request.check(answer),
  }))
}
