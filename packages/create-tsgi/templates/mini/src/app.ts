import { html, mini } from '@tsgi/framework-mini'

const app = mini()

app.get('/', () => page('Hello from TSGI!'))

app.get('/hello/:name', ({ params }) => page(`Hello, ${params.name}!`))

const page = (text: string) => html`<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>TSGI</title>
  <link rel="stylesheet" href="/style.css">
  <h1>${text}</h1>
</html>
`

export default app
