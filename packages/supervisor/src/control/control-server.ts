/** The server's end of a control socket: a unix socket that only its owner can open. */
import type net from 'node:net'
import { createInterface } from 'node:readline'
import { listen } from '@tsgi/listeners'
import { type CloseResult, ServeError } from '@tsgi/spec/server'
import type { FleetStatus } from '../status.ts'
import { type ControlReply, type ControlRequest, parseRequest } from './protocol.ts'

/** What the commands do; a `SupervisedServer` fits, but for `stop`, which is its `close`. */
export interface ControlActions {
  status(): Promise<FleetStatus>
  reload(): Promise<void>
  scale(to: number): void
  stop(graceful: number | undefined): Promise<CloseResult>
}

export interface ControlSocket {
  /** Removes the socket file; connections that wait for a reply are closed. */
  close(): void
}

/**
 * Listens at `path`. A stale socket file is replaced, a live one never.
 *
 * @throws ServeError `TSGI_ERR_BIND`
 */
export async function openControl(path: string, actions: ControlActions): Promise<ControlSocket> {
  const connections = new Set<net.Socket>()
  const listener = await listen({ path, mode: 0o600 }, {}, (server) => {
    server.on('connection', (socket) => {
      connections.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => connections.delete(socket))
      void serve(socket, actions)
    })
    // It serves the server; it must not keep the process alive by itself.
    server.unref()
  })
  return {
    close() {
      listener.close()
      for (const socket of connections) socket.destroySoon()
    },
  }
}

async function serve(socket: net.Socket, actions: ControlActions): Promise<void> {
  const lines = createInterface({ input: socket, crlfDelay: Infinity })
  lines.on('error', () => {})
  for await (const line of lines) {
    const reply = await answer(parseRequest(line), actions)
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
  }
}

async function answer(request: ControlRequest | null, actions: ControlActions): Promise<ControlReply> {
  if (request === null) {
    return { error: { code: 'TSGI_ERR_OPTION', message: 'no such command: expected status, reload, stop or scale' } }
  }
  try {
    switch (request.command) {
      case 'status':
        return { result: await actions.status() }
      case 'reload':
        await actions.reload()
        return { result: null }
      case 'scale':
        actions.scale(request.to)
        return { result: null }
      case 'stop':
        return { result: await actions.stop(request.graceful) }
    }
  } catch (error) {
    const code = error instanceof ServeError ? error.code : 'TSGI_ERR_STARTUP'
    return { error: { code, message: error instanceof Error ? error.message : String(error) } }
  }
}
