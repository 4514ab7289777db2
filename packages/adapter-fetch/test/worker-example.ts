import { toFetch } from '@tsgi/adapter-fetch/to-fetch'
import type { Application } from '@tsgi/spec'

const application: Application = async (environ, startResponse) => {
  let size = 0
  for await (const piece of environ.input) size += piece.length
  startResponse(200, ['content-type', 'text/plain; charset=utf-8'])
  return `${environ.requestMethod} ${environ.pathInfo} with ${size} bytes, from ${environ.remoteAddr}\n`
}

/** Cloudflare names the client in a field of its own. */
const remote = ({ headers }: Request) => ({ address: headers.get('cf-connecting-ip'), port: null })

export default { fetch: toFetch(application, { remote }) }
