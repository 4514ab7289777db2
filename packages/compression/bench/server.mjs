// One of the servers that are measured: node bench/server.mjs tsgi|express|hono. Answers /<bytes> with so many bytes of JSON.
const bodies = new Map()

/** Text that compresses as real pages do: about one to five. */
function bodyOf(path) {
  let body = bodies.get(path)
  if (body === undefined) {
    const size = Number(path.slice(1))
    const rows = []
    for (let n = 0; rows.length * 90 < size; n++) {
      const name = Math.imul(n + 1, 2_654_435_761) >>> 0
      rows.push({ id: n, name: name.toString(36), email: `${name.toString(16)}@mail.example`, active: n % 3 === 0 })
    }
    body = JSON.stringify(rows).slice(0, size)
    bodies.set(path, body)
  }
  return body
}

const servers = {
  async tsgi() {
    const { serve } = await import('@tsgi/server-event-loop')
    const { compress } = await import('@tsgi/compression')
    const app = (environ, startResponse) => {
      startResponse(200, ['content-type', 'application/json'])
      return bodyOf(environ.pathInfo)
    }
    const server = await serve(compress(app), { listen: [{ host: '127.0.0.1', port: 0 }] })
    return Number(new URL(server.urls[0]).port)
  },
  async express() {
    const { default: express } = await import('express')
    const { default: compression } = await import('compression')
    const app = express().disable('etag').use(compression())
    app.get('/:size', (request, response) => response.type('json').send(bodyOf(request.path)))
    return new Promise((resolve) => {
      const server = app.listen(0, '127.0.0.1', () => resolve(server.address().port))
    })
  },
  async hono() {
    const { Hono } = await import('hono')
    const { compress } = await import('hono/compress')
    const { serve } = await import('@hono/node-server')
    const app = new Hono()
    app.use(compress())
    app.get('/:size', (context) => context.body(bodyOf(context.req.path), 200, { 'content-type': 'application/json' }))
    return new Promise((resolve) =>
      serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => resolve(info.port)),
    )
  },
}

process.send({ port: await servers[process.argv[2]]() })
