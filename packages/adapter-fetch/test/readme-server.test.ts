import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http, { type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { conform } from '@tsgi/conformance'
import type { Application } from '@tsgi/spec'
import type { ServeOptions } from '@tsgi/spec/server'
import { describe, expect, test } from 'vitest'
import { defineFetchServer } from '../src/fetch-server/index.ts'
import server from './readme-server.ts'

const HERE = { listen: [{ host: '127.0.0.1', port: 0 }] } satisfies ServeOptions

const greet: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return `Hello ${environ.pathInfo}`
}

describe('a server module around a host of fetch handlers', () => {
  test('is the example of the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL('readme-server.ts', import.meta.url), 'utf8')}\`\`\``)
  })

  test('answers, and holds what the kit asks first', async () => {
    const { outcomes } = await conform(server, { only: ['boot-', 'body-string', 'input-length', 'draining-stop'] })
    expect(outcomes.map(({ kind, behaviour }) => [behaviour.id, kind])).toEqual(
      outcomes.map(({ behaviour }) => [behaviour.id, 'passed']),
    )
  })

  test('runs startup before it listens and shutdown behind the last answer, and counts requests', async () => {
    const seen: string[] = []
    const left = Promise.withResolvers<void>()
    const application: Application = Object.assign(
      async (...call: Parameters<Application>) => {
        seen.push('request')
        await left.promise
        return await greet(...call)
      },
      { startup: () => void seen.push('startup'), shutdown: () => void seen.push('shutdown') },
    )
    const running = await server.serve(application, HERE)
    expect(seen).toEqual(['startup'])
    // A connection that is kept would be waited for: srvx closes none that is idle.
    const request = http.get(new URL('there', running.urls[0]), { agent: false })
    const answered = once(request, 'response') as Promise<[IncomingMessage]>
    await expect.poll(() => running.stats()).toMatchObject({ active: 1, requests: 1 })
    const closed = running.close()
    left.resolve()
    const [response] = await answered
    expect(await text(response)).toBe('Hello /there')
    expect(await closed).toEqual({ cutOff: 0 })
    expect(seen).toEqual(['startup', 'request', 'shutdown'])
  })

  test('says how many answers it cut off', async () => {
    const running = await server.serve(() => new Promise(() => {}), HERE)
    const answer = fetch(running.urls[0] as string).catch((error: unknown) => error)
    await expect.poll(() => running.stats().active).toBe(1)
    expect(await running.close({ graceful: 0 })).toEqual({ cutOff: 1 })
    expect(await answer).toBeInstanceOf(Error)
  })

  test('refuses what it cannot do, with the reason', async () => {
    await expect(server.serve({ module: 'file:///app.js' }, HERE)).rejects.toMatchObject({ code: 'TSGI_ERR_APP_LOAD' })
    await expect(server.serve(greet, { listen: [{ path: '/tmp/a' }] })).rejects.toMatchObject({
      code: 'TSGI_ERR_OPTION',
      message: 'srvx listens at one host and port: expected listen: [{ host, port }], got [{"path":"/tmp/a"}]',
    })
    const failing: Application = Object.assign(() => null, { startup: () => Promise.reject(new Error('no database')) })
    await expect(server.serve(failing, HERE)).rejects.toMatchObject({ code: 'TSGI_ERR_STARTUP' })
    const broken = defineFetchServer({ name: 'broken', listen: () => Promise.reject(new Error('in use')) })
    await expect(broken.serve(greet, HERE)).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
      message: 'broken cannot listen on 127.0.0.1:0: in use',
    })
  })

  test('names the options that the host does not have', async () => {
    const log: string[] = []
    const running = await server.serve(greet, { ...HERE, serverHeader: 'x', log: (_, message) => log.push(message) })
    await running.close({ graceful: 0 })
    expect(log).toEqual(['srvx does not have these options, and ignores them: serverHeader'])
  })
})
