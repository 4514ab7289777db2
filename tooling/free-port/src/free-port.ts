/** For tests of programs that take no port 0, or that are to find a port free again. */
import net from 'node:net'

/** Below the ports that systems give where port 0 is asked for (Linux from 32768 on, others from 49152): no test beside this one gets it meanwhile. */
const FIRST = 10_000
const LAST = 32_000

/** A port of 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
