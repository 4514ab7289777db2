import { compress } from '@tsgi/compression'
import type { Application } from '@tsgi/spec'

const app: Application = (_environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return 'the same line again and again\n'.repeat(1000)
}

export default compress(app)
