/** Node's own client of HTTP/2, for the time of a test. */
import http2 from 'node:http2'
import { afterEach } from 'vitest'
import { RawHttp2 } from './raw-client.ts'

const cleanups: (() => void)[] = []

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

export function connect(port: number, options: http2.ClientSessionOptions = {}): http2.ClientHttp2Session {
  const session = http2.connect(`http://127.0.0.1:${port}`, options)
  session.on('error', () => {})
  cleanups.push(() => session.destroy())
  return session
}

/** @param preface in the place of the right one */
export function rawConnect(port: number, settings?: Uint8Array, preface?: Uint8Array): RawHttp2 {
  const client = new RawHttp2(port, settings, preface)
  cleanups.push(() => client.socket.destroy())
  return client
}

export interface Answer {
  readonly status: number
  /** In order, pseudo-fields too. */
  readonly fields: readonly string[]
  readonly body: string
  readonly trailers: http2.IncomingHttpHeaders | null
  /** 1xx responses before it. */
  readonly interim: readonly http2.IncomingHttpHeaders[]
}

/** Reads a response to its end. Rejects where the stream fails. */
export async function answerOf(stream: http2.ClientHttp2Stream): Promise<Answer> {
  const interim: http2.IncomingHttpHeaders[] = []
  let fields: readonly string[] = []
  let status = 0
  let trailers: http2.IncomingHttpHeaders | null = null
  stream.on('headers', (headers) => interim.push(headers))
  stream.on('response', (headers, _flags, raw: readonly string[] = []) => {
    status = Number(headers[':status'])
    fields = raw
  })
  stream.on('trailers', (headers) => (trailers = headers))
  let body = ''
  stream.setEncoding('latin1')
  stream.on('data', (text: string) => (body += text))
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject)
    stream.on('close', () => {
      if (stream.rstCode === 0) resolve()
      else reject(new Error(`the stream was reset with ${stream.rstCode}`))
    })
  })
  return { status, fields, body, trailers, interim }
}

export function get(
  session: http2.ClientHttp2Session,
  path: string,
  headers: http2.OutgoingHttpHeaders = {},
): Promise<Answer> {
  return answerOf(session.request({ ':path': path, ...headers }))
}

export function field(answer: Answer, name: string): string[] {
  return answer.fields.filter((_, at) => at % 2 === 1 && answer.fields[at - 1] === name)
}
