import { once } from 'node:events'
import http2 from 'node:http2'
import { makeCertificate, type MadeCertificate } from '@tsgi/connection/tls'

const HOUR = 3_600_000

export const site = (subject: string): MadeCertificate =>
  makeCertificate({
    subject,
    names: ['localhost', '127.0.0.1'],
    from: Date.now() - HOUR,
    to: Date.now() + HOUR,
  })

export const APP = `export default (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return environ.serverProtocol + ' ' + environ.urlScheme + ' ' + environ['tsgi.tls']?.alpn
}`

export const FILES = (subject: string): Record<string, string> => {
  const { cert, key } = site(subject)
  return { 'app.js': APP, 'site.crt': cert, 'site.key': key }
}

export const SERVE = ['serve', 'app.js', '--port', '0', '--tls-cert', 'site.crt', '--tls-key', 'site.key'] as const

/** One request over HTTP/2. Rejects where it is not answered whole. */
export async function ask(session: http2.ClientHttp2Session): Promise<string> {
  const stream = session.request({ ':path': '/' })
  let body = ''
  stream.setEncoding('latin1').on('data', (text: string) => (body += text))
  const ended = once(stream, 'end')
  await Promise.race([ended, once(stream, 'close').then(() => Promise.reject(new Error('the stream closed')))])
  return body
}

export function connect(url: string): http2.ClientHttp2Session {
  const session = http2.connect(url, { rejectUnauthorized: false })
  session.on('error', () => {})
  return session
}

/** Clients that ask all the time, each on one connection, and on another once the server closes it. */
export class Load {
  answered = 0
  /** Requests that failed twice, the second time on a new connection: the first may have been refused (RFC 9113 §6.8). */
  readonly lost: unknown[] = []
  readonly #url: string
  readonly #clients: Promise<void>[]
  #stopped = false

  constructor(url: string, clients: number) {
    this.#url = url
    this.#clients = Array.from({ length: clients }, () => this.#run())
  }

  async #run(): Promise<void> {
    let session = connect(this.#url)
    while (!this.#stopped) {
      if (session.closed || session.destroyed) session = connect(this.#url)
      try {
        await ask(session)
      } catch {
        session.destroy()
        session = connect(this.#url)
        try {
          await ask(session)
        } catch (error) {
          if (!this.#stopped) this.lost.push(error)
        }
      }
      this.answered++
    }
    session.close()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#clients)
  }
}
