/**
 * Seeded traffic that verifies each answer: gets, posts and streams, one at a time and in pipelines, on connections that are
 * kept for as long as the server promises. What a client may count on is counted: a request that was sent on a connection
 * whose last answer did not say `close`, and was not answered, is lost.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, Response } from './client.ts'

export interface Loss {
  readonly request: string
  readonly why: string
  /** The process that answered on this connection before, if any did. */
  readonly pid: string | null
  readonly at: number
}

export interface TrafficResult {
  readonly lost: readonly Loss[]
  /** Answers that were not what the request asks for. */
  readonly wrong: readonly string[]
  readonly answered: number
  /** Processes that answered. */
  readonly pids: ReadonlySet<string>
}

export interface Traffic {
  /** So far. */
  readonly answered: number
  stop(): Promise<TrafficResult>
}

interface Planned {
  readonly name: string
  readonly text: string
  readonly body: string
}

/** @param pipeline the most requests that are sent at once */
export function traffic(
  server: { connect(): Client },
  { seed, clients, pipeline }: { readonly seed: number; readonly clients: number; readonly pipeline: number },
): Traffic {
  const lost: Loss[] = []
  const wrong: string[] = []
  const pids = new Set<string>()
  let answered = 0
  const stopping = new AbortController()
  const { signal } = stopping

  const check = ({ status, body, headers }: Response, request: Planned): void => {
    answered++
    const pid = headers.get('x-pid')
    if (pid !== undefined) pids.add(pid)
    if (status !== 200 || body !== request.body)
      wrong.push(`${request.name}: ${status} ${JSON.stringify(body.slice(0, 80))}, not ${request.body.slice(0, 80)}`)
  }

  const visit = async (random: () => number, name: string): Promise<void> => {
    const client = server.connect()
    let pid: string | null = null
    const turns = 1 + Math.floor(random() * 30)
    let open = true
    for (let turn = 0; open && turn < turns && !signal.aborted; turn++) {
      // Closed in order while it was idle, which a client can see before it sends.
      if (client.ended || client.isClosed) break
      const count = random() < 0.3 ? 1 + Math.floor(random() * pipeline) : 1
      const batch = Array.from({ length: count }, (_, i) => plan(random, `${name}.${turn}.${i}`))
      client.send(batch.map(({ text }) => text).join(''))
      for (const request of batch) {
        const response = await client.response().catch((error: unknown) => {
          lost.push({ request: request.name, why: String(error), pid, at: performance.now() })
        })
        if (response === undefined) open = false
        else {
          check(response, request)
          pid = response.headers.get('x-pid') ?? pid
          open = response.headers.get('connection') !== 'close'
        }
        // The rest of a pipeline behind a `close` is for another connection.
        if (!open) break
      }
      // Some clients think for longer: their connections are idle when a worker leaves.
      await sleep(random() < 0.2 ? random() * 400 : random() * 10)
    }
    client.close()
  }

  const visits = async (number: number): Promise<void> => {
    const random = generator(seed * 1_000 + number)
    for (let visitNumber = 0; !signal.aborted; visitNumber++) await visit(random, `${number}.${visitNumber}`)
  }
  const all = Array.from({ length: clients }, (_, number) => visits(number))
  return {
    get answered() {
      return answered
    },
    async stop() {
      stopping.abort()
      await Promise.all(all)
      return { lost, wrong, answered, pids }
    },
  }
}

function plan(random: () => number, id: string): Planned {
  const kind = random()
  if (kind < 0.35) {
    const chunks = 2 + Math.floor(random() * 20)
    const body = Array.from({ length: chunks }, (_, i) => `${id}:${i};`).join('')
    return { name: `stream ${id}`, text: head('GET', `/flow?${id},${chunks},${Math.floor(random() * 15)}`), body }
  }
  if (kind < 0.7) {
    const sent = id.repeat(1 + Math.floor(random() * (random() < 0.1 ? 10_000 : 50)))
    const chunked = random() < 0.3
    const framing = chunked ? 'transfer-encoding: chunked' : `content-length: ${sent.length}`
    const half = Math.ceil(sent.length / 2)
    const data = chunked ? `${chunk(sent.slice(0, half))}${chunk(sent.slice(half))}0\r\n\r\n` : sent
    return { name: `post ${id}`, text: `${head('POST', '/sum', framing)}${data}`, body: sumOf(sent) }
  }
  return { name: `get ${id}`, text: head('GET', `/flow?${id},1,0`), body: `${id}:0;` }
}

const head = (method: string, target: string, ...fields: readonly string[]): string =>
  [`${method} ${target} HTTP/1.1`, 'host: test', ...fields, '', ''].join('\r\n')

const chunk = (data: string): string => (data === '' ? '' : `${data.length.toString(16)}\r\n${data}\r\n`)

/** What `/sum` of the application under test answers. */
function sumOf(text: string): string {
  let sum = 0
  for (const byte of Buffer.from(text)) sum = (sum * 31 + byte) % 1_000_003
  return `${text.length} ${sum}`
}

/** mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
