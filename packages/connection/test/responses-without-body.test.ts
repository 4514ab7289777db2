/** HEAD, 204, 205 and 304: a head and no body, whatever the application gives. */
import type { Application } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { serving } from './serving.ts'

const PLAIN = ['content-type', 'text/plain']
describe('no body', () => {
  const endless = function* (): Generator<string> {
    for (;;) yield 'x'
  }
  test('HEAD gets the head that GET would, from each kind of body, and the connection goes on', async () => {
    const closed: string[] = []
    const closing = <T extends object>(body: T, name: string): T =>
      Object.assign(body, { close: () => void closed.push(name) })
    const app: Application = (environ, start) => {
      if (environ.pathInfo !== '/lazy') start(200, PLAIN)
      switch (environ.pathInfo) {
        case '/text':
          return 'hello'
        case '/null':
          return null
        case '/endless':
          return closing(endless(), 'endless')
        case '/push':
          return closing((out: { write(c: string): unknown }) => void out.write('x'), 'push')
        case '/lazy':
          return closing(
            (function* () {
              start(203, PLAIN)
              for (;;) yield 'x'
            })(),
            'lazy',
          )
        default:
          return 'end'
      }
    }
    const { connect } = await serving(app)
    const client = connect()
    for (const path of ['/text', '/null', '/endless', '/push', '/lazy'])
      client.send(`HEAD ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    client.send('GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const heads = (await client.toEnd()).split('\r\n\r\n')
    expect(heads).toHaveLength(7)
    expect(heads[0]).toContain('content-length: 5')
    expect(heads[1]).not.toMatch(/content-length|transfer-encoding/)
    expect(heads[2]).toContain('transfer-encoding: chunked')
    expect(heads[3]).toContain('transfer-encoding: chunked')
    expect(heads[4]).toMatch(/^HTTP\/1.1 203/)
    expect(heads[6]).toBe('end')
    expect(closed).toEqual(['endless', 'push', 'lazy'])
  })

  test.each([204, 205, 304])('%i has none, whatever the application gives', async (status) => {
    const { connect } = await serving((environ, start) => {
      start(environ.pathInfo === '/end' ? 200 : status, [])
      return environ.pathInfo === '/stream' ? endless() : 'body'
    })
    const client = connect().send(
      'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /stream HTTP/1.1\r\nHost: a\r\n\r\nGET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    )
    const parts = (await client.toEnd()).split('\r\n\r\n')
    expect(parts).toHaveLength(4)
    expect(parts[3]).toBe('body')
    if (status === 205) expect(parts[0]).toContain('content-length: 0')
    if (status === 204) expect(parts[0]).not.toContain('content-length')
  })
})
