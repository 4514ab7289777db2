import { describe, expect, it } from 'vitest'
import { RUBY, serveRackExercises } from './serving.ts'

describe.skipIf(RUBY === undefined)('a Rack application in Ruby', () => {
  it('fails one request where its process or thread ends or hangs, and has the threads named that it leaves behind', async () => {
    const { get, text, log, close } = await serveRackExercises({ handlerTimeout: 1500, threads: 2 })
    expect((await get('/dies')).status).toBe(500)
    expect(log.join('\n')).toMatch(/the worker exited with code 7 while it answered GET \/dies/)
    expect((await get('/ends-thread')).status).toBe(500)
    const hung = get('/hangs')
    expect(await text('/')).toBe('Hello')
    expect((await hung).status).toBe(500)
    expect(log.join('\n')).toContain('GET /hangs: no sign of an answer for 1.5 s')
    expect(log.join('\n')).toMatch(/in [`'].*hang_here'/)
    expect(await text('/thread')).toBe('started')
    await close()
    expect(log.join('\n')).toContain('left threads behind, which end with the process: left-behind')
  })
})
