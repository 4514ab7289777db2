import { randomFrom } from '../random.ts'
import type { BenchRequest, Workload } from '../workloads/workload.ts'
import type { PacedRequest } from './pace.ts'

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

/** A request as it stands on the wire. */
function wireRequest(request: BenchRequest, host: string, closes: boolean): Buffer {
  const fields = [
    ['host', host],
    ['user-agent', 'tsgi-bench'],
    ['accept', '*/*'],
    ...(closes ? [['connection', 'close']] : []),
    ...(request.headers ?? []),
  ]
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const head = Buffer.from(`${request.method} ${request.target} HTTP/1.1\r\n${lines}\r\n`, 'latin1')
  return request.body === undefined ? head : Buffer.concat([head, request.body])
}
