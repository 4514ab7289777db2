import {
  createEventStream,
  defineHandler,
  getCookie,
  getQuery,
  getRequestIP,
  H3,
  HTTPError,
  onDispose,
  readBody,
  setCookie,
} from 'h3'

/** An h3 app as people write them: nothing in it knows of TSGI. */
export function h3App(disposed: () => void): H3 {
  const admin = new H3().get('/', (event) => `admin at ${event.url.pathname}`)
  return new H3({ silent: true })
    .use((event) => void event.res.headers.set('x-middleware', 'ran'))
    .get('/', () => 'Hello, World!')
    .get('/json', () => ({ message: 'Hello' }))
    .get('/hello/:name', (event) => `Hello, ${event.context.params?.['name']}`)
    .get('/query', (event) => getQuery(event))
    .get('/url', (event) => event.req.url)
    .get('/ip', (event) => ({ request: event.req.ip, helper: getRequestIP(event), runtime: event.runtime?.name }))
    .post('/json', async (event) => ({ got: await readBody(event) }))
    .post('/text', (event) => event.req.text())
    .post(
      '/form',
      defineHandler(async (event) => {
        const form = await event.req.formData()
        const file = form.get('file') as File
        return { text: form.get('text'), file: `${file.name} ${await file.text()}` }
      }),
    )
    .get('/cookies', (event) => {
      setCookie(event, 'a', '1')
      setCookie(event, 'b', '2', { httpOnly: true })
      return getCookie(event, 'x') ?? 'none'
    })
    .get('/stream', () => {
      const parts = ['one ', 'two']
      return new ReadableStream({
        pull(controller) {
          const part = parts.shift()
          if (part === undefined) controller.close()
          else controller.enqueue(new TextEncoder().encode(part))
        },
      })
    })
    .get('/events', (event) => {
      const events = createEventStream(event)
      void (async () => {
        for (const data of ['1', '2']) await events.push(data)
        await events.close()
      })()
      return events.send()
    })
    .get('/disposed', (event) => {
      onDispose(event, disposed)
      return new ReadableStream({ start: (controller) => controller.close() })
    })
    .get('/moved', (event) => {
      event.res.status = 302
      event.res.headers.set('location', '/')
      return ''
    })
    .get('/teapot', () => {
      throw new HTTPError({ status: 418, message: 'short and stout' })
    })
    .get('/fails', () => {
      throw new Error('told to fail')
    })
    .mount('/admin', admin)
}
