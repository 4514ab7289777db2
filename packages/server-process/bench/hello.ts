import type { Application } from '@tsgi/spec'

const application: Application = (_environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return 'Hello, World!'
}

export default application
