/** The runtime's own parser of responses, a different one from ours, asked what it makes of some bytes. */
import http from 'node:http'
import { duplexPair } from 'node:stream'

export interface SeenResponse {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: string
}

/** The first final response to a request with `method`; `null` where it is refused or incomplete. */
export function responseSeenByRuntime(bytes: Buffer, method: string): Promise<SeenResponse | null> {
  const { promise, resolve } = Promise.withResolvers<SeenResponse | null>()
  const [client, server] = duplexPair()
  server.on('error', () => {})
  server.resume()
  const request = http.request({ method, host: 'a', createConnection: () => client })
  request.on('error', () => resolve(null))
  request.on('upgrade', () => resolve(null))
  request.on('response', (response) => {
    let body = ''
    response.on('data', (piece: Buffer) => (body += piece.toString('latin1')))
    response.on('error', () => resolve(null))
    response.on('close', () => resolve(null))
    response.on('end', () => {
      const { rawHeaders, statusCode = 0 } = response
      const headers = rawHeaders.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text))
      resolve(response.complete ? { status: statusCode, headers, body } : null)
    })
  })
  request.end()
  server.end(bytes)
  return promise
}
