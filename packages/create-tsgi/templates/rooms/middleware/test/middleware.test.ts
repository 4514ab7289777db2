import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toFetch } from '@tsgi/adapter-fetch/to-fetch'
import { isPromise, type Application, type Environ } from '@tsgi/spec'
import { check } from '@tsgi/validator'
import { middleware } from '../src/index.ts'

const text = ['content-type', 'text/plain; charset=utf-8']

const hello: Application = (_environ, startResponse) => {
  startResponse(200, text)
  return 'hello\n'
}

const request = (path = '/') => new Request(`http://localhost${path}`)

// In the order to write it.
describe('NAME', () => {
  test('1. adds the field x-NAME: put what it is for in the place of this test', async () => {
    const response = await toFetch(middleware(hello))(request())
    assert.ok(response.headers.has('x-NAME'), 'expected a field x-NAME, got none')
    assert.equal(await response.text(), 'hello\n')
  })

  test('2. passes on startup and shutdown (M.3): withLifespan of @tsgi/spec does it', async () => {
    const calls: string[] = []
    const inner = Object.assign(((environ, startResponse) => hello(environ, startResponse)) as Application, {
      startup: () => void calls.push('startup'),
      shutdown: () => void calls.push('shutdown'),
    })
    const outer = middleware(inner)
    await outer.startup?.()
    await outer.shutdown?.()
    assert.deepEqual(calls, ['startup', 'shutdown'])
  })

  test('3. makes no promise of what is synchronous (C.4): ask isPromise, and do not write async', () => {
    const body = middleware(hello)({ headers: [], pathInfo: '/' } as unknown as Environ, () => {})
    assert.equal(isPromise(body), false, 'expected a body, got a promise of one')
  })

  test('4. lets an error replace the head (S.4): pass on the third argument only where it is there', async () => {
    const failing: Application = (_environ, startResponse) => {
      startResponse(200, text)
      startResponse(503, text, new Error('replaced'))
      return 'later\n'
    }
    assert.equal((await toFetch(middleware(failing))(request())).status, 503)
  })

  test('5. lets a second head without an error throw (S.3)', async () => {
    const twice: Application = (_environ, startResponse) => {
      startResponse(200, text)
      startResponse(201, text)
      return null
    }
    const fetch = toFetch(middleware(twice), { errors: { write() {}, flush() {} } })
    assert.equal((await fetch(request())).status, 500)
  })

  test('6. keeps the specification on both sides', async () => {
    const lines: Application = (_environ, startResponse) => {
      startResponse(200, text)
      return (function* () {
        yield 'one\n'
        yield 'two\n'
      })()
    }
    for (const inner of [hello, lines]) {
      const { findings } = await check(middleware(inner), { paths: ['/'] })
      assert.deepEqual(findings.map(String), [])
    }
  })
})
