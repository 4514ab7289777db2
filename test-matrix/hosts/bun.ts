/** `Bun.serve`, in a process of Bun. */
import { defineFetchServer } from '@tsgi/adapter-fetch/fetch-server'

/** What of it is used here. */
interface BunServer {
  readonly port: number
  stop(now: boolean): Promise<void>
}
declare const Bun: {
  serve(options: {
    readonly hostname: string
    readonly port: number
    /** Seconds without a byte; 0: no limit. */
    readonly idleTimeout: number
    readonly fetch: (request: Request, server: BunServer) => Promise<Response>
  }): BunServer
}

export default defineFetchServer({
  name: 'Bun.serve',
  listen(handler, { host, port }) {
    const server = Bun.serve({ hostname: host, port, idleTimeout: 0, fetch: handler })
    return { port: server.port, close: (now) => server.stop(now) }
  },
})
