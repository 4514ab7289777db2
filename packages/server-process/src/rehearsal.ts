/**
 * A first request that no client sends: the engine compiles what serving needs, before the process meets anybody. The
 * application does not see it, nothing of it is logged, and no socket is opened for it.
 */
import { AcceptedSocket, HttpServer } from '@tsgi/connection'
import type { Application } from '@tsgi/spec'

const REQUESTS = [
  'GET /rehearsal?a=b HTTP/1.1\r\nhost: localhost\r\nuser-agent: rehearsal\r\naccept: */*\r\n\r\n',
  'POST /rehearsal HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\n\r\nbody',
  'GET /rehearsal HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
]

const application: Application = async (environ, startResponse) => {
  let size = 0
  for await (const piece of environ.input) size += piece.length
  startResponse(200, ['content-type', 'text/plain'])
  return size === 0
    ? 'an answer'
    : (async function* () {
        yield 'a stream'
      })()
}

export async function rehearse(): Promise<void> {
  const { duplexPair } = process.getBuiltinModule('node:stream')
  const http = new HttpServer(
    application,
    {},
    { name: 'rehearsal', multithread: false, multiprocess: true, runOnce: true },
  )
  const [client, server] = duplexPair()
  const closed = new Promise((resolve) => client.once('close', resolve))
  client.on('error', () => {}).resume()
  http.accept(new AcceptedSocket(server))
  client.write(REQUESTS.join(''))
  client.on('end', () => client.end())
  await closed
  await http.drain({ graceful: 0 })
}
