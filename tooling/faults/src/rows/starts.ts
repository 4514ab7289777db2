/** Rows 4 and 21: applications that do not start, addresses that are taken. */
import { existsSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { freePort } from '@tsgi/free-port'
import { describe, expect, test } from 'vitest'
import { launch, onTestEnd, serve, type Subject, temporaryFolder } from '../subject.ts'
import { until } from '../until.ts'

export function starts(subject: Subject): void {
  describe.each([
    ['throws while loading', 'throw', 'this application is broken'],
    ['throws in startup', 'reject in startup', 'its startup is broken'],
  ])('row 4: an application that %s', (_what, script, cause) => {
    test('ends the server with exit code 3; the cause is told once, and the port is free', async () => {
      const port = await freePort()
      const server = launch(subject, { script, listen: [{ host: '127.0.0.1', port }] })
      expect((await server.ended).code).toBe(3)
      expect(server.stderr.split(cause)).toHaveLength(2)
      await listen({ host: '127.0.0.1', port })
    })
  })

  describe('row 21', () => {
    test('a port that another program has: exit code 4, and the address is named', async () => {
      const other = await listen({ host: '127.0.0.1', port: 0 })
      const { port } = other.address() as net.AddressInfo
      const server = launch(subject, { listen: [{ host: '127.0.0.1', port }] })
      expect((await server.ended).code).toBe(4)
      expect(server.stderr).toContain(`127.0.0.1:${port}`)
    })

    test('a port that another server has: it is not joined', async () => {
      const first = await serve(subject)
      if (first.address.family === 'unix') throw new Error('expected a port')
      const { host, port } = first.address
      const second = launch(subject, { listen: [{ host, port }] })
      expect((await second.ended).code).toBe(4)
      expect((await first.get('/who')).status).toBe(200)
    })

    test('two servers that start at the same moment: one of them gets the port', async () => {
      const port = await freePort()
      const both = [1, 2].map(() => launch(subject, { listen: [{ host: '127.0.0.1', port }] }))
      await until(
        'one to serve and one to give up',
        () => both.some((s) => s.told.includes('listening')) && both.some((s) => s.end !== null),
      )
      expect(both.map((server) => server.end?.code).filter((code) => code !== undefined)).toEqual([4])
    })

    test('a unix socket that a dead server left behind is replaced', async () => {
      const path = join(temporaryFolder(), 'socket')
      const first = await serve(subject, { listen: [{ path }] })
      await first.destroy()
      expect(existsSync(path)).toBe(true)
      const second = await serve(subject, { listen: [{ path }] })
      expect((await second.get('/who')).status).toBe(200)
      second.signal('SIGTERM')
      await second.ended
      expect(existsSync(path)).toBe(false)
    })

    test('a unix socket that lives is never taken: exit code 4, and its owner keeps it', async () => {
      const path = join(temporaryFolder(), 'socket')
      const first = await serve(subject, { listen: [{ path }] })
      const second = launch(subject, { listen: [{ path }] })
      expect((await second.ended).code).toBe(4)
      expect(second.stderr).toContain(`unix:${path}`)
      expect((await first.get('/who')).status).toBe(200)
    })
  })
}

function listen(target: net.ListenOptions): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(target, () => resolve(server))
    onTestEnd(() => server.close())
  })
}
