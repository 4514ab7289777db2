import { connect, type Socket } from 'node:net'
import { once } from 'node:events'

/** What came back over a connection, response by response. */
export interface RawResponse {
  readonly status: number
  readonly head: string
  readonly body: Buffer
}

/** Sends bytes as they are, half-closes, and gives everything that comes until the connection ends. */
export async function exchange(port: number, text: string): Promise<Buffer> {
  const socket = await open(port)
  socket.end(text)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  await once(socket, 'connect')
  return socket
}

/** Cuts a stream of responses by their content-length; `methods` tells which have no body. */
export function responses(bytes: Buffer, methods: readonly string[]): RawResponse[] {
  let rest = bytes
  return methods.map((method) => {
    const end = rest.indexOf('\r\n\r\n')
    if (end === -1) throw new Error(`expected a response, got ${JSON.stringify(rest.toString('latin1').slice(0, 200))}`)
    const head = rest.toString('latin1', 0, end)
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
    const length = method === 'HEAD' || status === 304 ? 0 : Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1])
    const body = rest.subarray(end + 4, end + 4 + length)
    rest = rest.subarray(end + 4 + length)
    return { status, head, body }
  })
}
