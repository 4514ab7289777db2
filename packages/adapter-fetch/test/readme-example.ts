import { fromFetch } from '@tsgi/adapter-fetch/from-fetch'
import { toFetch } from '@tsgi/adapter-fetch/to-fetch'
import { Hono } from 'hono'

const hono = new Hono()
hono.get('/', (c) => c.text('Hello from Hono\n'))
hono.post('/shout', async (c) => c.json({ shouted: (await c.req.text()).toUpperCase() }))

/** A Hono app as a TSGI application: it runs on every TSGI server. */
export default fromFetch(hono)

/** A TSGI application as a fetch handler: it runs wherever one does, such as inside of that Hono app. */
hono.mount(
  '/plain',
  toFetch((environ, startResponse) => {
    startResponse(200, ['content-type', 'text/plain'])
    return `Hello from TSGI, ${environ.pathInfo}\n`
  }),
)
