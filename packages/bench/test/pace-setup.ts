import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { decodeHistogram, percentilesOf } from '../src/load/latency-histogram.ts'
import { type PaceOptions, type PaceResult } from '../src/load/pace.ts'

export const children: ChildProcess[] = []
/** A server that waits so long and then answers `hello`, to the `failEvery`th request `wrong`. */
export async function startServer(wait: number, failEvery = 0): Promise<{ port: number; child: ChildProcess }> {
  const program = `
    let count = 0
    const waits = []
    process.on('message', () => process.send(waits))
    const server = require('node:http').createServer((request, response) => {
      const began = performance.now()
      response.once('prefinish', () => waits.push((performance.now() - began) * 1000))
      const text = ${failEvery} > 0 && ++count % ${failEvery} === 0 ? 'wrong' : 'hello'
      ${wait === 0 ? 'response.end(text)' : `setTimeout(() => response.end(text), ${wait})`}
    }).listen(0, '127.0.0.1', () => process.send(server.address().port))`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  children.push(child)
  const [port] = (await once(child, 'message')) as [number]
  return { port, child }
}

export const requests: PaceOptions['requests'] = [
  {
    bytes: Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n'),
    check: ({ body }) => (body.toString() === 'hello' ? null : `expected hello; came ${body.toString()}`),
  },
]

export const percentiles = (result: PaceResult) => percentilesOf([decodeHistogram(result.latencies)])

/** What the handler of a server took from its first line to the end of its response, at the median, in microseconds. */
export async function ownMedian(child: ChildProcess): Promise<number> {
  child.send('waits')
  const [waits] = (await once(child, 'message')) as [number[]]
  return waits.sort((a, b) => a - b)[waits.length >> 1] ?? 0
}
