/** Who carries a performance to a client: the reading of SPEC.md in the validator, and each carrier of exchanges. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { toFetch } from '@tsgi/adapter-fetch/to-fetch'
import { toNodeListener } from '@tsgi/adapter-node/to-node'
import { serve } from '@tsgi/server-event-loop'
import type { Application } from '@tsgi/spec'
import { request } from '@tsgi/validator'
import type { Performance } from './planned-application.ts'

/** What a client sees. */
export interface Seen {
  /** `null` where there was no head. */
  readonly status: number | null
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** The response is complete. */
  readonly whole: boolean
  readonly trailers: readonly string[]
  readonly hints: number
  /** The answer is the server's, for an application that failed. Known of the reference only. */
  readonly own?: boolean
}

export interface Carrier extends AsyncDisposable {
  readonly name: string
  /** Offers interim responses and trailers. */
  readonly full: boolean
  carry(performance: Performance, method: string): Promise<Seen>
}

/** The reference. Without `full` it offers what every host can. */
export async function byTheBook(performance: Performance, method: string, full: boolean): Promise<Seen> {
  const { application, left } = performance
  const protocol = full ? 'HTTP/1.1' : 'HTTP/1.0'
  const { status, sent, body, whole, trailers, hints, error } = await request(application, {
    method,
    protocol,
    leaves: left.promise,
  })
  return {
    status,
    fields: pairs(sent),
    body: body.toString('latin1'),
    whole,
    trailers: trailers ?? [],
    hints: hints.length,
    own: whole && error !== null,
  }
}

export async function carriers(): Promise<readonly Carrier[]> {
  return [await connection(), await onNode(), onFetch()]
}

const quiet = (): void => {}

async function connection(): Promise<Carrier> {
  const stage = new Stage()
  const server = await serve(stage.application, { listen: [{ host: '127.0.0.1', port: 0 }], log: quiet })
  const [address] = server.addresses
  const port = address?.family === 'unix' ? 0 : (address?.port ?? 0)
  return {
    name: 'connection',
    full: true,
    carry: (performance, method) => stage.perform(performance, () => overHttp(port, performance, method)),
    [Symbol.asyncDispose]: async () => void (await server.close({ graceful: 0 })),
  }
}

async function onNode(): Promise<Carrier> {
  const stage = new Stage()
  const server = http.createServer()
  toNodeListener(stage.application, { log: quiet }).attach(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    name: 'toNodeListener',
    full: true,
    carry: (performance, method) => stage.perform(performance, () => overHttp(port, performance, method)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function onFetch(): Carrier {
  const stage = new Stage()
  const handler = toFetch(stage.application, { errors: { write: quiet, flush: quiet } })
  return {
    name: 'toFetch',
    full: false,
    carry: (performance, method) =>
      stage.perform(performance, async () => {
        const client = new AbortController()
        void performance.left.promise.then(() => client.abort())
        const response = await handler(new Request('http://localhost/', { method, signal: client.signal }))
        const chunks: Uint8Array[] = []
        let whole = true
        try {
          for await (const chunk of response.body ?? []) chunks.push(chunk)
        } catch {
          whole = false
        }
        return {
          status: response.status,
          fields: [...response.headers],
          body: Buffer.concat(chunks).toString('latin1'),
          whole,
          trailers: [],
          hints: 0,
        }
      }),
    async [Symbol.asyncDispose]() {},
  }
}

/** Where one performance after the other is given. */
class Stage {
  #present: Application | null = null

  readonly application: Application = (environ, startResponse) => {
    if (this.#present === null) throw new Error('no performance is on')
    return this.#present(environ, startResponse)
  }

  async perform(performance: Performance, see: () => Promise<Seen>): Promise<Seen> {
    this.#present = performance.application
    const seen = await see()
    await performance.atRest()
    this.#present = null
    return seen
  }
}

function overHttp(port: number, performance: Performance, method: string): Promise<Seen> {
  return new Promise((resolve) => {
    let hints = 0
    let response: http.IncomingMessage | null = null
    const chunks: Buffer[] = []
    const see = (whole: boolean): void =>
      resolve({
        status: response?.statusCode ?? null,
        fields: pairs(response?.rawHeaders ?? []),
        body: Buffer.concat(chunks).toString('latin1'),
        whole,
        trailers: response?.rawTrailers ?? [],
        hints,
      })
    const asked = http.request({ host: '127.0.0.1', port, method, agent: false, insecureHTTPParser: false })
    asked.on('information', () => hints++)
    asked.on('response', (given) => {
      response = given
      given.on('data', (chunk: Buffer) => chunks.push(chunk))
      given.on('error', () => {})
      given.on('close', () => see(given.complete))
    })
    asked.on('error', () => {
      if (response === null) see(false)
    })
    void performance.left.promise.then(() => asked.socket?.resetAndDestroy())
    asked.end()
  })
}

const pairs = (list: readonly string[]): [string, string][] =>
  Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i] as string, list[2 * i + 1] as string])
