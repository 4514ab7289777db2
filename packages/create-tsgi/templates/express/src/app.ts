import express from 'express'

const app = express()

app.get('/', (_request, response) => {
  response.send(page('Hello from Express on TSGI!'))
})

app.get('/hello/:name', (request, response) => {
  response.send(page(`Hello, ${request.params.name}!`))
})

const page = (text: string) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>TSGI</title>
  <link rel="stylesheet" href="/style.css">
  <h1>${escapeHtml(text)}</h1>
</html>
`

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

export default app
