import type { Application } from '@tsgi/spec'

let visits = 0

const application: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return `visit ${++visits} to a process of ${environ.server.name}\n`
}

export default application
