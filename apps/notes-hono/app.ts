import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { api } from './api.ts'
import { notebook, type NotebookEnv } from './notebook.ts'
import { errorPage } from './pages/error.ts'
import { pages } from './pages/routes.ts'

const app = new Hono<NotebookEnv>()

app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  }),
)
app.use('/static/*', serveStatic({ root: fileURLToPath(new URL('../notes-kit', import.meta.url)) }))
// Browsers ask for it where a page names none, and so do feed readers.
app.get('/favicon.ico', (c) => c.redirect('/static/icon.svg', 301))
app.use(notebook)

app.route('/api/notes', api)
app.use(csrf())
app.route('/', pages)

app.notFound((c) => c.html(errorPage(404), 404))
app.onError((error, c) => {
  if (error instanceof HTTPException) return c.html(errorPage(error.status), error.status)
  console.error(error)
  return c.html(errorPage(500), 500)
})

export default app
