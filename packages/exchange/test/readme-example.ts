import { type Carrier, type CheckedFields, checkTrailers, Exchange, fieldPreparer, makeContext } from '@tsgi/exchange'
import type { Application, Chunk, Environ } from '@tsgi/spec'

const prepare = fieldPreparer((fields) => fields)

/** Prints responses. It has no client that could be slow or leave. */
const printer: Carrier<CheckedFields, { method: string; path: string; headers: []; upgrade: null }> = {
  log: (level, message) => console.error(level, message),
  developmentPage: null,
  blocked: false,
  prepare,
  prepareTrailers: checkTrailers,
  whole(exchange, length, content) {
    console.log(exchange.status, exchange.fields?.list, length)
    for (const chunk of Array.isArray(content) ? content : [content]) this.chunk(chunk as Chunk, 0)
    exchange.finished()
  },
  head: (exchange) => console.log(exchange.status, exchange.fields?.list),
  chunk: (chunk) => console.log(chunk),
  end: (exchange) => exchange.finished(),
  breakOff: (exchange) => exchange.finished(),
  watch() {},
  watchDraining: () => null,
  giveUp() {},
  interim() {},
  upgrade() {},
  flush() {},
  flushSoon() {},
  trackCall() {},
  trackClosing() {},
}

const application: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return `You asked for ${environ.pathInfo}`
}

const exchange = new Exchange(printer, { method: 'GET', path: '/hello', headers: [], upgrade: null })
const server = makeContext('printer', exchange, 'basic')
exchange.run(application, { requestMethod: 'GET', pathInfo: '/hello', server } as Environ)
