import { header } from '@tsgi/spec'
import { request } from '@tsgi/validator'
import { expect, it } from 'vitest'
import compressLayer from './compress-layer.ts'

it('compresses what the application answers, for clients that accept it', async () => {
  const application = await compressLayer((_environ, startResponse) => {
    startResponse(200, ['content-type', 'text/plain'])
    return 'x'.repeat(5000)
  }, {})
  const coding = async (accept: string): Promise<string | undefined> =>
    header((await request(application, { headers: ['accept-encoding', accept] })).sent, 'content-encoding')
  expect([await coding('gzip'), await coding('br'), await coding('identity')]).toEqual(['gzip', 'br', undefined])
})
