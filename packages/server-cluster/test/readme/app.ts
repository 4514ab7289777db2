import type { Application } from '@tsgi/spec'

const application: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return `Hello from ${environ.server.name}, worker ${process.env['TSGI_WORKER']}\n`
}

export default application
