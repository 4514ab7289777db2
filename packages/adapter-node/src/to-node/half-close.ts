import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import tls from 'node:tls'
import { timerDelay } from '@tsgi/spec/server'

/** Of each socket that may half-close: what to call when the client does. */
const listening = new WeakMap<object, Set<() => void>>()

/**
 * Lets clients that send EOF after their request have the whole response (SPEC G.4), which `node:http` cuts off by
 * default; and closes their connections when no byte was accepted for `timeout` milliseconds.
 */
export function allowHalfClose(server: Server, timeout: number): void {
  ;(server as { httpAllowHalfOpen?: boolean }).httpAllowHalfOpen = true
  // Of an HTTPS server, requests come with the socket above TLS, which is born to close with its client. A client that leaves
  // in the handshake does not get that far.
  const secure = server instanceof tls.Server
  server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => {
    if (secure) socket.allowHalfOpen = true
    const listeners = new Set<() => void>()
    listening.set(socket, listeners)
    socket.once('end', () => {
      for (const listener of listeners) listener()
      if (timeout > 0) watch(socket, timeout)
    })
  })
}

/**
 * Calls `listener` when the client ends its side, which says nothing of whether it left.
 *
 * @returns stops that. A pipeline has many requests on one socket, so they share one listener of it.
 */
export function onHalfClose(socket: Socket, listener: () => void): () => void {
  const listeners = listening.get(socket)
  if (listeners === undefined) return () => {}
  listeners.add(listener)
  if (socket.readableEnded) process.nextTick(listener)
  return () => listeners.delete(listener)
}

function watch(socket: Socket, timeout: number): void {
  let accepted = acceptedBytes(socket)
  const timer = setInterval(() => {
    const now = acceptedBytes(socket)
    if (now === accepted) socket.destroy()
    accepted = now
  }, timerDelay(timeout))
  timer.unref()
  socket.once('close', () => clearInterval(timer))
}

const acceptedBytes = (socket: Socket): number => socket.bytesWritten - socket.writableLength
