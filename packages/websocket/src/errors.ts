import type { WebSocketConnection } from './web-socket-connection.ts'

/** A message was to be sent on a connection that is closing, closed or lost. */
export class WebSocketClosedError extends Error {
  readonly code = 'TSGI_ERR_WEBSOCKET_CLOSED'
  readonly socket: WebSocketConnection
  constructor(socket: WebSocketConnection) {
    super('expected an open WebSocket to send on, got one that is closed; look at socket.signal before sending')
    this.name = 'WebSocketClosedError'
    this.socket = socket
  }
}

/** More waits for a client that reads slowly than may wait. */
export class WebSocketBacklogError extends Error {
  readonly code = 'TSGI_ERR_WEBSOCKET_BACKLOG'
  constructor(limit: number) {
    super(
      `a client reads too slowly: more than maxBacklog, ${limit} bytes, waits for it; ` +
        'await the promise that send returns, or leave messages out for such a client',
    )
    this.name = 'WebSocketBacklogError'
  }
}
