import { ServerResponse } from 'node:http'
import type { NodeRequest } from './node-request.ts'
import { isPatched, keepPatches } from './patched-response.ts'
import { bodyMethods } from './response-body.ts'
import { headMethods, informationMethods } from './response-head.ts'
import type { ResponseOwner, Sending, SendingResponse } from './sending.ts'

/**
 * `http.ServerResponse` whose head and body go to a TSGI server. The table of fields, corking and early hints are Node's
 * own code; what would send bytes is replaced. Express puts its own prototype under each response, so the replacements
 * are set on the instance (decisions/0001).
 */
export interface NodeResponse extends SendingResponse {}
export type NodeResponseClass = new (owner: ResponseOwner) => NodeResponse

/** The same over a class of the application's own. */
export function nodeResponseOver(Base: new (request: NodeRequest) => ServerResponse): NodeResponseClass {
  return class extends Base implements SendingResponse {
    // Read-only in Node, where they look at the connection.
    override writableFinished: boolean = false
    override writableNeedDrain: boolean = false
    override errored: Error | null = null
    readonly tsgiSending: Sending
    declare _header: string | null
    declare _closed: boolean

    // All in the constructor: set by a function that it calls, they cost Express 1.5 µs, since V8 counts a constructor's own
    // assignments to make room for them in the object.
    constructor(owner: ResponseOwner) {
      super(owner.request)
      ;(this as { socket: unknown }).socket = owner.socket
      const patched = isPatched(this)
      this.writeHead = headMethods.writeHead as unknown as typeof this.writeHead
      this.writeInformation = headMethods.writeInformation as unknown as typeof this.writeInformation
      this.flushHeaders = headMethods.flushHeaders
      this.addTrailers = headMethods.addTrailers as typeof this.addTrailers
      this.write = bodyMethods.write as typeof this.write
      this.end = bodyMethods.end as unknown as typeof this.end
      this.destroy = bodyMethods.destroy as unknown as typeof this.destroy
      if (informationMethods.writeEarlyHints !== undefined) Object.assign(this, informationMethods)
      this.tsgiSending = {
        owner,
        bodyless: owner.request.method === 'HEAD',
        inPieces: false,
        written: 0,
        declaredLength: null,
        chunked: false,
        trailers: null,
        endCallbacks: null,
        nativeFinish: null,
      }
      if (patched) keepPatches(this)
    }
  }
}

export const NodeResponse: NodeResponseClass = nodeResponseOver(ServerResponse)
