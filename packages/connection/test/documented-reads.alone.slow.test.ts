/** All of it over sockets on the runtime's documented way to read and write, which serves where the fast one is missing. */
import { setSharedReads } from '@tsgi/connection'
import { afterAll, beforeAll, describe } from 'vitest'
import { over } from './serving.ts'

describe('documented reads', async () => {
  beforeAll(() => {
    setSharedReads(false)
    over('sockets')
  })
  afterAll(() => {
    setSharedReads(true)
    over('memory')
  })

  await import('./requests.test.ts')
  await import('./request-bodies.test.ts')
  await import('./environ.test.ts')
  await import('./responses.test.ts')
  await import('./responses-without-body.test.ts')
  await import('./response-ends.test.ts')
  await import('./broken-responses.test.ts')
  await import('./departure.test.ts')
  await import('./flooding.test.ts')
  await import('./leaving-clients.test.ts')
  await import('./slow-clients.test.ts')
  await import('./draining.test.ts')
  await import('./upgrade.test.ts')
  await import('./http-server.test.ts')
})
