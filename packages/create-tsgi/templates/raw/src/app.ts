import type { Application } from '@tsgi/spec'

const html = ['content-type', 'text/html; charset=utf-8']

const app: Application = (environ, startResponse) => {
  if (environ.pathInfo !== '/') {
    startResponse(404, html)
    return page('There is no such page.')
  }
  startResponse(200, html)
  return page('Hello from TSGI!')
}

const page = (text: string) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>TSGI</title>
  <link rel="stylesheet" href="/style.css">
  <h1>${text}</h1>
</html>
`

export default app
