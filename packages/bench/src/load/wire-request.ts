import type { BenchRequest } from '../workloads/workload.ts'

/** A request as it stands on the wire. */
export function wireRequest(request: BenchRequest, host: string, closes: boolean): Buffer {
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
