import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BridgeError, python } from '../src/index.ts'
import { FIXTURES, PYTHON, serveExercises, type Served } from './serving.ts'

const FIXTURE = join(FIXTURES, 'exercises.py')

describe.skipIf(PYTHON === undefined)('a WSGI application in Python', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveExercises({}, 'closed')
  })
  afterAll(() => served.close())

  it('answers, streams, writes and replaces its head as PEP 3333 says', async () => {
    const { get, text } = served
    expect(await text('/')).toBe('Hello')
    expect((await get('/')).headers.get('content-length')).toBe('5')
    expect(await text('/stream')).toBe('one\ntwo\nthree\n')
    expect(await text('/write')).toBe('one two three')
    const replaced = await get('/replaced')
    expect([replaced.status, replaced.headers.get('x-why')]).toEqual([503, 'error'])
    expect(await text('/count-closed')).toBe('1')
  })

  it('reads its input, however it is framed', async () => {
    const { text } = served
    const large = 'x'.repeat(99) + '\n'
    const body = large.repeat(3000)
    expect(await text('/echo', { method: 'POST', body: 'small' })).toBe('small')
    expect(await text('/length', { method: 'POST', body })).toBe('300000 300000')
    const stream = new Blob([body]).stream()
    expect(await text('/length', { method: 'POST', body: stream, duplex: 'half' } as RequestInit)).toBe('300000 300000')
  })

  it('sends files', async () => {
    const { text: get } = served
    expect(await get('/file')).toBe(await text(createReadStream(FIXTURE)))
    expect((await stat(FIXTURE)).size).toBeGreaterThan(0)
  })

  it('says what is wrong with it, in the words of Python', async () => {
    const { get, log } = served
    expect((await get('/raises')).status).toBe(500)
    expect(log.join('\n')).toContain('exercises.py')
    expect(log.join('\n')).toContain('RuntimeError: broken on purpose')
    expect(log.join('\n')).not.toContain('tsgi_worker')
  })
})

describe.skipIf(PYTHON === undefined)('an application that cannot be loaded', () => {
  const start = async (app: string) => {
    const application = python(app, { cwd: FIXTURES, python: PYTHON })
    try {
      await application.startup?.()
      await application.shutdown?.()
      return 'started'
    } catch (error) {
      return error instanceof BridgeError ? `${error.code}: ${error.message}` : String(error)
    }
  }

  it.each([
    ['missing:application', /TSGI_ERR_BRIDGE_APP: there is no Python module missing/],
    ['exercises:absent', /exercises has no 'absent'\. It has: .*application\(\)/],
    ['exercises:not_callable', /not callable: expected application\(environ, start_response\), got builtins\.int/],
    ['exercises:asgi', /is an ASGI application/],
    ['exercises.py', /started/],
    ["exercises:create('hello')", /started/],
  ])('%s', async (app, expected) => {
    expect(await start(app)).toMatch(expected)
  })
})
