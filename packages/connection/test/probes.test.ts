/** Paths that the server answers itself. */
import type { Application } from '@tsgi/spec'
import type { AccessRecord } from '@tsgi/spec/server'
import { describe, expect, it } from 'vitest'
import { serving } from './serving.ts'

const PATHS = { health: '/healthz', ready: '/readyz' }

const app = (ready?: Application['ready']): Application =>
  Object.assign(
    ((environ, start) => {
      start(200, [])
      return `application ${environ.pathInfo}`
    }) satisfies Application,
    { ready },
  )

const status = (response: string): string | undefined => /^HTTP\/1\.1 (\d+)/.exec(response)?.[1]

describe('the health and the ready path', () => {
  it('are answered by the server, all others by the application', async () => {
    const { get, exchange } = await serving(app(), PATHS)
    expect(await get('/healthz')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok\n$/)
    expect(await get('/readyz?verbose')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok\n$/)
    expect(await get('/healthz/a')).toContain('application /healthz/a')
    expect(
      await exchange('POST /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
    ).toContain('application /healthz')
  })

  it('belong to the application where they were not asked for', async () => {
    const { get } = await serving(app())
    expect(await get('/healthz')).toContain('application /healthz')
  })

  it('are not in the access log', async () => {
    const records: AccessRecord[] = []
    const { get, exchange } = await serving(app(), { ...PATHS, access: (record) => void records.push(record) })
    for (const path of ['/healthz', '/readyz', '/']) await get(path)
    // That one reaches the application.
    await exchange('POST /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    expect(records.map(({ target }) => target)).toEqual(['/', '/healthz'])
  })
})

describe('the ready path', () => {
  it.each<readonly [string, NonNullable<Application['ready']>, string]>([
    ['is ready', () => true, '200'],
    ['is not', () => false, '503'],
    ['is ready in a moment', async () => true, '200'],
    ['is not, which takes a moment', async () => false, '503'],
    ['fails', () => Promise.reject(new Error('no database')), '503'],
    [
      'throws',
      () => {
        throw new Error('no database')
      },
      '503',
    ],
    ['does not answer', () => new Promise<boolean>(() => {}), '503'],
  ])('says what the application says: it %s', async (_what, ready, expected) => {
    const { get } = await serving(app(ready), PATHS)
    expect(status(await get('/readyz'))).toBe(expected)
    expect(status(await get('/healthz'))).toBe('200')
  })

  it('is 503 once a stop was announced, while requests are answered still', async () => {
    const { get, http } = await serving(app(), PATHS)
    http.announceStop()
    expect(status(await get('/readyz'))).toBe('503')
    expect(status(await get('/healthz'))).toBe('200')
    expect(await get('/')).toContain('application /')
  })

  it('stays 200 on the connections of a worker that is only replaced', async () => {
    const { connect, http } = await serving(app(), PATHS)
    const client = connect()
    await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').responses(1)
    void http.drain()
    expect(await client.send('GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n').toEnd()).toMatch(/HTTP\/1\.1 200 OK[^]*ok\n$/)
  })
})
