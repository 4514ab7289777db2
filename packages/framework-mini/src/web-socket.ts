import type { Awaitable, Body, HeaderList, StartResponse } from '@tsgi/spec'
import type { WebSocketConnection, WebSocketOptions } from '@tsgi/websocket'
import type { Context } from './context.ts'
import type { AnyPathParams } from './path-params.ts'

/** Owns a WebSocket: see `WebSocketHandler` of @tsgi/websocket. */
export type SocketHandler<Params = AnyPathParams> = (
  socket: WebSocketConnection,
  context: Context<Params>,
) => Awaitable<void>

/** An answer that is more than a response: it continues the request by itself. */
export class Upgrade {
  readonly answer: (startResponse: StartResponse, extra: HeaderList) => Body
  constructor(answer: Upgrade['answer']) {
    this.answer = answer
  }
}

/** The library is loaded when a client first asks: applications without WebSocket do not pay for it. */
export async function upgrade<Params>(
  context: Context<Params>,
  handler: SocketHandler<Params>,
  options: WebSocketOptions,
): Promise<Upgrade> {
  const { webSocket } = await import('@tsgi/websocket')
  return new Upgrade((startResponse, extra) => {
    const headers = [...(options.headers ?? []), ...extra]
    return webSocket(context.environ, startResponse, { ...options, headers }, (socket) => handler(socket, context))
  })
}
