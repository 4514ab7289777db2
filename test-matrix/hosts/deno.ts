/** `Deno.serve`, in a process of Deno. */
import { defineFetchServer } from '@tsgi/adapter-fetch/fetch-server'

/** What of it is used here. */
interface DenoServer {
  readonly addr: { readonly port: number }
  readonly finished: Promise<void>
  shutdown(): Promise<void>
}
declare const Deno: {
  serve(
    options: {
      readonly hostname: string
      readonly port: number
      readonly signal: AbortSignal
      readonly onListen: () => void
    },
    handler: (request: Request, info: unknown) => Promise<Response>,
  ): DenoServer
}

export default defineFetchServer({
  name: 'Deno.serve',
  listen(handler, { host, port }) {
    const end = new AbortController()
    const server = Deno.serve({ hostname: host, port, signal: end.signal, onListen: () => {} }, handler)
    const cut = Promise.withResolvers<void>()
    let draining = false
    return {
      port: server.addr.port,
      close(now) {
        if (!now) {
          draining = true
          return Promise.race([server.shutdown(), cut.promise])
        }
        // Deno 2.9 ends the process with "Bad resource ID" where the signal aborts behind a shutdown; so what is left stays open.
        if (draining) cut.resolve()
        else end.abort()
        return draining ? cut.promise : server.finished
      },
    }
  },
})
