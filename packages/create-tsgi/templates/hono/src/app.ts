import { Hono } from 'hono'
import { html } from 'hono/html'

const app = new Hono()

app.get('/', (c) => c.html(page('Hello from Hono on TSGI!')))

app.get('/hello/:name', (c) => c.html(page(`Hello, ${c.req.param('name')}!`)))

const page = (text: string) => html`<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>TSGI</title>
  <link rel="stylesheet" href="/style.css">
  <h1>${text}</h1>
</html>
`

export default app
