import type { Server } from 'node:http'

/** The port of a server that was told to listen, once it does. */
export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const tell = (): void => {
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve(address.port)
      else reject(new Error(`expected a port; the server listens on ${String(address)}`))
    }
    if (server.listening) tell()
    else server.once('listening', tell)
  })
}
