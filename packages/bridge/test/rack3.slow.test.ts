import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rack } from '../src/index.ts'
import { FIXTURES, RUBY, serve } from './serving.ts'

const FOLDER = join(FIXTURES, 'rack3')

describe.skipIf(RUBY === undefined)('a Rack application in Ruby', () => {
  it('that brings Rack 3 has its input once, no lines in fields, and arrays of its bodies', async () => {
    const { get, text } = await serve(rack('config.ru', { cwd: FOLDER, ruby: RUBY, env: { RUBYLIB: FOLDER } }))
    const body = 'x'.repeat(100_000)
    expect(await text('/rewinds', { method: 'POST', body })).toBe('false 100000')
    expect((await get('/lines')).status).toBe(500)
    expect(await text('/array')).toBe('array')
    expect(await text('/closed')).toBe('1')
  })
})
