import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkWorker } from '../src/kit/index.ts'
import { rackLanguage } from '../src/rack/rack.ts'
import { FIXTURES, RUBY } from './serving.ts'

describe.skipIf(RUBY === undefined)('a Rack application in Ruby', () => {
  it('is run by a worker that does all that the protocol asks of one', { timeout: 60_000 }, async () => {
    const language = rackLanguage(RUBY ?? '')
    const checks = await checkWorker({ language, app: 'config.ru', cwd: join(FIXTURES, 'rack') })
    expect(checks.filter(({ failure }) => failure !== null)).toEqual([])
    expect(checks.length).toBeGreaterThan(15)
  })
})
