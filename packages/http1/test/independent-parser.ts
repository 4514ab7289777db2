/** The runtime's own HTTP/1.1 parser, a different one from ours, asked what it makes of some bytes. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { duplexPair } from 'node:stream'

export interface Seen {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
  readonly body: string
}

/** The requests that it finds complete, in order, up to the first that it refuses. */
export async function seenByRuntime(bytes: Buffer): Promise<Seen[]> {
  const server = http.createServer({ insecureHTTPParser: false, requireHostHeader: true })
  const requests: { seen: Seen | null }[] = []
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const entry: { seen: Seen | null } = { seen: null }
    requests.push(entry)
    let body = ''
    request.on('data', (bytes: Buffer) => (body += bytes.toString('latin1')))
    request.on('error', () => {})
    request.on('end', () => {
      const { method = '', url = '', rawHeaders } = request
      const headers = rawHeaders.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text))
      entry.seen = { method, target: url, headers, body }
    })
    response.end()
  }
  server.on('request', listener)
  server.on('checkExpectation', listener)
  // Later, so that what was good before has time to be told.
  server.on('clientError', (_error, socket) => afterTurns(() => socket.destroy()))
  const [client, accepted] = duplexPair()
  server.emit('connection', accepted)
  const closed = new Promise<void>((resolve) => accepted.once('close', () => resolve()))
  client.on('error', () => {})
  accepted.on('error', () => {})
  client.resume()
  // It waits for the rest of a body that never comes: all there is has been parsed by then.
  accepted.once('end', () => afterTurns(() => accepted.destroy()))
  client.end(bytes)
  await closed
  const firstBroken = requests.findIndex(({ seen }) => seen === null)
  const complete = firstBroken < 0 ? requests : requests.slice(0, firstBroken)
  return complete.flatMap(({ seen }) => seen ?? [])
}

/** After enough turns of the event loop for all that was parsed to be told. */
function afterTurns(work: () => void, turns = 30): void {
  if (turns === 0) work()
  else setImmediate(afterTurns, work, turns - 1)
}
