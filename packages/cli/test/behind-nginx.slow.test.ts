import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { hasNginx, type Site, site, WAYS } from './behind-nginx-setup.ts'

const MEGABYTES = 20
const json = async (running: Site, path: string, options?: http.RequestOptions): Promise<Record<string, unknown>> =>
  JSON.parse(String((await running.get(path, options)).body)) as Record<string, unknown>

/** As often as it takes, within the time of the test. */
async function until<T>(value: () => Promise<T>, isGood: (value: T) => boolean): Promise<T> {
  for (;;) {
    const found = await value()
    if (isGood(found)) return found
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

describe('an application behind nginx', () => {
  describe.skipIf(!hasNginx).each(WAYS)(`by %s${hasNginx ? '' : ' (skipped: no nginx)'}`, (way) => {
    it('sees the request of the client, and is seen as it answers', { timeout: 60_000 }, async () => {
      const running = await site(way)
      const seen = await json(running, '/env?a=%2F', {
        localAddress: '127.1.1.1',
        agent: false,
        headers: {
          host: 'site.example',
          cookie: ['a=1', 'b=2'],
          'x-forwarded-host': 'attacker.example',
          'x-a': ['1', '2'],
        },
      })
      expect(seen).toMatchObject({
        scriptName: '',
        pathInfo: '/env',
        queryString: 'a=%2F',
        serverName: 'site.example',
        // By HTTP on a unix socket nobody says which (SPEC E.6).
        serverPort: way === 'http' ? null : 80,
        urlScheme: 'http',
        remoteAddr: '127.1.1.1',
      })
      const headers = seen['headers'] as string[]
      expect(headers.filter((_, i) => headers[i - 1] === 'x-a').join(',')).toMatch(/^1, ?2$/)
      expect(headers[headers.indexOf('cookie') + 1]).toMatch(/^a=1; ?b=2$/)
      // As it was sent: not decoded, and so not /env.
      expect(String((await running.get('/%65nv')).body)).toBe('hello')

      expect((await running.get('/cookies')).headers['set-cookie']).toEqual(['a=1', 'b=2; Path=/'])
      expect(await running.get('/', { method: 'HEAD' })).toMatchObject({
        status: 200,
        headers: { 'content-length': '5' },
        body: Buffer.alloc(0),
      })
      expect(await running.get('/nothing')).toMatchObject({ status: 204, whole: true })
      expect(await running.get('/same')).toMatchObject({ status: 304, headers: { etag: '"x"' } })
      const range = await running.get('/static/file.txt', { headers: { range: 'bytes=2-4' } })
      expect([range.status, String(range.body)]).toEqual([206, '234'])
      if (way !== 'http') {
        expect(await json(running, '/shop/env')).toMatchObject({ scriptName: '/shop', pathInfo: '/env' })
      }
    })

    it('carries large bodies both ways', { timeout: 60_000 }, async () => {
      const running = await site(way)
      const body = randomBytes(MEGABYTES * 1024 * 1024)
      const answer = await running.get('/mirror', { method: 'POST' }, body)
      expect(answer).toMatchObject({ status: 200, whole: true })
      expect(answer.body.equals(body)).toBe(true)
    })

    it('passes events on while they happen, and notices that the client left', { timeout: 60_000 }, async () => {
      const running = await site(way)
      const events = http.get({ host: '127.0.0.1', port: running.port, path: '/events/live', agent: false })
      const [response] = (await once(events, 'response')) as [http.IncomingMessage]
      const [first] = (await once(response, 'data')) as [Buffer]
      expect(String(first)).toBe('data: one\n\n')
      await running.get('/release')
      const [second] = (await once(response, 'data')) as [Buffer]
      expect(String(second)).toBe('data: two\n\n')

      const stuck = http.get({ host: '127.0.0.1', port: running.port, path: '/stuck', agent: false })
      stuck.on('error', () => {})
      await once(stuck, 'socket')
      await new Promise((resolve) => setTimeout(resolve, 200))
      stuck.destroy()
      expect(
        await until(
          async () => String((await running.get('/aborted')).body),
          (count) => count === '1',
        ),
      ).toBe('1')
    })

    it('refuses heads that are too long', { timeout: 60_000 }, async () => {
      const running = await site(way, ['--max-header-size', '4KiB', '--max-target-size', '1KiB'])
      expect((await running.get('/', { headers: { 'x-a': 'x'.repeat(5000) } })).status).toBe(431)
      expect((await running.get(`/${'x'.repeat(2000)}`)).status).toBe(414)
      expect((await running.get('/')).status).toBe(200)
    })

    it('does not make a response that breaks off look whole', { timeout: 60_000 }, async () => {
      const onPort = await site(way, [], true)
      expect((await onPort.get('/break')).whole).toBe(false)
      expect((await onPort.get('/break?declared')).whole).toBe(false)
      const onPath = await site(way)
      expect((await onPath.get('/break?declared')).whole).toBe(false)
      // The documented exception: nginx takes the end of the connection for the end of the response.
      if (way === 'http') expect((await onPath.get('/break')).whole).toBe(false)
      if (way === 'uwsgi') expect((await onPath.get('/break')).whole).toBe(true)
    })

    it.each(['cluster', 'process'])(
      'is answered by %s, before, during and after a reload',
      { timeout: 90_000 },
      async (server) => {
        const flags = server === 'cluster' ? ['--workers', '2'] : ['--spare', '3']
        const running = await site(way, ['--server', server, ...flags])
        const statuses: number[] = []
        const stopped = new AbortController()
        const load = async (method: string): Promise<void> => {
          while (!stopped.signal.aborted) {
            const path = method === 'POST' ? '/mirror' : '/'
            statuses.push(
              (await running.get(path, { method }, method === 'POST' ? Buffer.from('body') : undefined)).status,
            )
          }
        }
        const clients = [load('GET'), load('POST'), load('GET')]
        await until(
          async () => statuses.length,
          (count) => count > 10,
        )
        running.tsgi.child.kill('SIGHUP')
        await running.tsgi.said(/reload|generation 2/)
        const reloaded = statuses.length
        await until(
          async () => statuses.length,
          (count) => count > reloaded + 20,
        )
        stopped.abort()
        await Promise.all(clients)
        expect(statuses.filter((status) => status !== 200)).toEqual([])
      },
    )

    it('loses what a killed worker was answering, and nothing else', { timeout: 60_000 }, async () => {
      const running = await site(way, ['--server', 'cluster', '--workers', '2'])
      const stuck = running.get('/stuck', { agent: false })
      const pid = Number((await running.get('/pid')).body)
      process.kill(pid, 'SIGKILL')
      const answers = await Promise.all(Array.from({ length: 20 }, () => running.get('/', { agent: false })))
      expect(answers.filter(({ status }) => status !== 200 && status !== 502)).toEqual([])
      await until(
        async () => (await running.get('/')).status,
        (status) => status === 200,
      )
      running.tsgi.child.kill('SIGQUIT')
      await stuck.catch(() => {})
    })

    it('finishes what is in flight when the server stops', { timeout: 60_000 }, async () => {
      const running = await site(way)
      const slow = running.get('/slow', { agent: false })
      await new Promise((resolve) => setTimeout(resolve, 200))
      running.tsgi.child.kill('SIGTERM')
      expect(await slow).toMatchObject({ status: 200, whole: true })
      expect(await running.tsgi.exit).toBe(0)
    })
  })
})
