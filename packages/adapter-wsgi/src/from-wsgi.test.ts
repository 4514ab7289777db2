import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run, TestServer } from '../test/run.ts'
import { fromWsgi } from './from-wsgi.ts'
import type { WsgiInput } from './input.ts'
import type { WsgiFunction } from './wsgi.ts'

test('a path with a bad escape is answered with 400, and the application never sees it', async () => {
  const answer = await run(
    fromWsgi(() => {
      throw new Error('was called')
    }),
    { path: '/%zz' },
  )
  expect(answer.status).toBe(400)
})

test('what the application was made of can be had', async () => {
  const app = fromWsgi((environ, start_response) => {
    start_response('200 OK', [])
    return [environ['tsgi.environ'].pathInfo]
  })
  expect(await run(app, { path: '/a%2Fb' })).toMatchObject({ body: '/a%2Fb' })
})

test('a large body can be read until the response has ended, and not after', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tsgi-wsgi-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  let kept: WsgiInput | undefined
  const app: WsgiFunction = function* (environ, start_response) {
    kept = environ['wsgi.input']
    start_response('200 OK', [])
    yield kept.read(4)
    yield kept.read(4)
  }
  const body = ['abcd', Promise.resolve('efgh'), 'ijkl']
  const answer = await run(fromWsgi(app, { bodyMemory: 5, bodyDirectory: directory }), { body })
  expect(answer.chunks).toEqual(['abcd', 'efgh'])
  expect(() => kept?.read(1)).toThrow('after the response had ended')
})

test('what is no function is refused when the application is made', () => {
  expect(() => fromWsgi(undefined as unknown as WsgiFunction)).toThrow('came undefined')
  expect(() => fromWsgi(null as unknown as WsgiFunction)).toThrow('came null')
})

test('an application that throws, throws', async () => {
  const app = fromWsgi(() => {
    throw new Error('in the call')
  })
  await expect(new TestServer().run(app)).rejects.toThrow('in the call')
})
