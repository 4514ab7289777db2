import { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Environ } from '@tsgi/spec'
import type { ClientSocket } from './client-socket.ts'
import { NodeRequest, nodeRequestOver } from './node-request.ts'
import { NodeResponse, nodeResponseOver } from './node-response.ts'
import type { RequestOwner } from './request-with-body.ts'
import type { ResponseOwner } from './sending.ts'

/** Makes the two objects that a listener is called with. */
export interface Births {
  request(socket: ClientSocket, environ: Environ, owner: RequestOwner): NodeRequest
  response(owner: ResponseOwner): NodeResponse
}

/**
 * Express begins by putting its application's prototypes under both objects. Changing the prototype of a made object
 * costs 2.3 µs for the two; to be born with the prototype that it would be given, an eighth (decisions/0001).
 */
export function birthsFor(listener: unknown): Births {
  if (listener instanceof Server) return ofServer(listener)
  const prototypes = listener as { readonly request?: unknown; readonly response?: unknown }
  if (typeof listener !== 'function') return plain
  if (!(prototypes.request instanceof IncomingMessage) || !(prototypes.response instanceof ServerResponse)) return plain
  const Request = withPrototype(prototypes.request)
  const Response = withPrototype(prototypes.response)
  return {
    request: (socket, environ, owner) =>
      Reflect.construct(NodeRequest, [socket, environ, owner], Request) as NodeRequest,
    response: (owner) => Reflect.construct(NodeResponse, [owner], Response) as NodeResponse,
  }
}

const plain: Births = {
  request: (socket, environ, owner) => new NodeRequest(socket, environ, owner),
  response: (owner) => new NodeResponse(owner),
}

/** `http.createServer({ IncomingMessage, ServerResponse })`: a server keeps the classes of its messages by symbols. */
function ofServer(server: Server): Births {
  const BaseRequest = classOf(server, 'IncomingMessage') as typeof IncomingMessage | undefined
  const BaseResponse = classOf(server, 'ServerResponse') as typeof ServerResponse | undefined
  const isPlain = BaseRequest === IncomingMessage && BaseResponse === ServerResponse
  if (isPlain || BaseRequest === undefined || BaseResponse === undefined) return plain
  const Request = nodeRequestOver(BaseRequest)
  const Response = nodeResponseOver(BaseResponse)
  return {
    request: (socket, environ, owner) => new Request(socket, environ, owner),
    response: (owner) => new Response(owner),
  }
}

function classOf(server: Server, name: string): unknown {
  const key = Object.getOwnPropertySymbols(server).find(({ description }) => description === name)
  return key === undefined ? undefined : Reflect.get(server, key)
}

/** A constructor for `new.target`: what is made with it has this prototype. */
function withPrototype(prototype: object): new () => object {
  const Target = function () {} as unknown as { new (): object; prototype: object }
  Target.prototype = prototype
  return Target
}
