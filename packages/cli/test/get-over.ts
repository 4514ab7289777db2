import { request } from 'node:http'

/** The body of a response over a unix socket. */
export function getOver(socketPath: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/', agent: false, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.on('end', () => resolve(text))
    })
      .on('error', reject)
      .end()
  })
}
