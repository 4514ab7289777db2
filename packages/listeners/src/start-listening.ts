import type net from 'node:net'

/** What `net.Server` listens on: an address, or a socket that is bound already. */
export type Place =
  | { readonly host: string; readonly port: number }
  | { readonly path: string }
  | { readonly fd: number }
  | net.Socket

/**
 * Listens, and calls `onListening` before anything can be accepted.
 *
 * @throws Error a system error with its `code`
 */
export function startListening(
  server: net.Server,
  place: Place,
  backlog: number,
  onListening: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const listening = (): void => {
      server.removeListener('error', reject)
      onListening()
      resolve()
    }
    // The backlog goes by position: `listen({ fd, backlog })` ignores it.
    if ('port' in place) server.listen(place.port, place.host, backlog, listening)
    else if ('path' in place) server.listen(place.path, backlog, listening)
    else server.listen(place, backlog, listening)
  })
}
