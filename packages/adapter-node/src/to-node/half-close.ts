import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Lets clients that send EOF after their request have the whole response (SPEC G.4), which `node:http` cuts off by
 * default; and closes their connections when no byte was accepted for `timeout` milliseconds.
 */
export function allowHalfClose(server: Server, timeout: number): void {
  ;(server as { httpAllowHalfOpen?: boolean }).httpAllowHalfOpen = true
  if (timeout > 0) server.on('connection', (socket: Socket) => socket.once('end', () => watch(socket, timeout)))
}

function watch(socket: Socket, timeout: number): void {
  let accepted = acceptedBytes(socket)
  const timer = setInterval(() => {
    const now = acceptedBytes(socket)
    if (now === accepted) socket.destroy()
    accepted = now
  }, timeout)
  timer.unref()
  socket.once('close', () => clearInterval(timer))
}

const acceptedBytes = (socket: Socket): number => socket.bytesWritten - socket.writableLength
