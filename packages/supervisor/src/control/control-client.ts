/** The command's end of a control socket. */
import net from 'node:net'
import type { ControlReply, ControlRequest, ControlResults } from './protocol.ts'

/** A request that was not granted, or nobody to ask. `code` is the server's, or the system's. */
export class ControlError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'ControlError'
    this.code = code
  }
}

/**
 * Asks the server at `path` and waits for its reply.
 *
 * @throws ControlError where there is no server, where it refuses, and where it ends without a reply
 *
 * @example
 * const { workers } = await control('/run/shop.ctl', { command: 'status' })
 */
export function control<C extends ControlRequest['command']>(
  path: string,
  request: ControlRequest & { readonly command: C },
): Promise<ControlResults[C]> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path)
    let text = ''
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end < 0) return
      socket.destroy()
      const reply = JSON.parse(text.slice(0, end)) as ControlReply
      if ('error' in reply) reject(new ControlError(reply.error.code, reply.error.message))
      else resolve(reply.result as ControlResults[C])
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const nobody = error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
      const message = nobody ? `no server is running with the control socket ${path}` : `${path}: ${error.message}`
      reject(new ControlError(error.code ?? 'EIO', message))
    })
    socket.on('close', () => reject(new ControlError('ECONNRESET', `the server at ${path} ended without a reply`)))
  })
}
