/** What a server does with time and ends, once more on the runtime's documented way to read and write, which serves where the fast one is missing. */
import { setSharedReads } from '@tsgi/connection'
import { afterAll, beforeAll, describe } from 'vitest'

describe('documented reads', async () => {
  beforeAll(() => setSharedReads(false))
  afterAll(() => setSharedReads(true))

  await import('./lifetime.test.ts')
  await import('./edges.test.ts')
})
