/** TSGI applications on `node:http`, by clause of SPEC.md: the bodies of requests. */
import { once } from 'node:events'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import type { Application } from '@tsgi/spec'
import { describe, expect, test, vi } from 'vitest'
import { GET, TEXT, host } from './application-host.ts'
import { requestText, talk } from './wire.ts'

describe('the input', () => {
  const echo: Application = async (environ, startResponse) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of environ.input) chunks.push(chunk)
    startResponse(200, TEXT)
    return `${Buffer.concat(chunks).toString()} ${JSON.stringify(environ.input.trailers)}`
  }

  test('is read whole, with trailers', async () => {
    await using running = await host(echo)
    const chunked =
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n'
    expect((await talk(running.port, [chunked])).final?.body.toString()).toBe('abcde ["x-t","1"]')
    expect((await talk(running.port, requestText('POST', '/', {}, 'xyz'))).final?.body.toString()).toBe('xyz null')
    expect((await talk(running.port, GET)).final?.body.toString()).toBe(' null')
  })

  test('I.1, I.2: read(size) gives up to size bytes, then the end for ever', async () => {
    await using running = await host(async ({ input }, startResponse) => {
      const sizes: (number | string)[] = []
      for (let i = 0; i < 5; i++) sizes.push((await input.read(2)).length)
      for (const wrong of [0, -1, 1.5]) expect(() => input.read(wrong)).toThrow(RangeError)
      startResponse(200, TEXT)
      return sizes.join(' ')
    })
    expect((await talk(running.port, requestText('POST', '/', {}, 'abcde'))).final?.body.toString()).toBe('2 2 1 0 0')
  })

  test('I.9: a body of which a part was read does not block the request behind it', async () => {
    await using running = await host(async ({ input, requestMethod }, startResponse) => {
      if (requestMethod === 'POST') await input.read(1)
      startResponse(200, TEXT)
      return requestMethod
    })
    const socket = net.connect(running.port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n${'x'.repeat(500_000)}`)
    socket.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const answers = await text(socket)
    expect(answers.match(/(?:POST|GET)(?=HTTP|$)/g)).toEqual(['POST', 'GET'])
  })

  test('I.3: one reader at a time', async () => {
    await using running = await host(async ({ input }, startResponse) => {
      const first = input.read()
      expect(() => input.read()).toThrow('an earlier read was pending')
      await first
      startResponse(204, [])
      return null
    })
    const socket = net.connect(running.port, '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n')
    setTimeout(() => socket.write('x'), 20)
    expect(String(await once(socket, 'data'))).toContain('204')
    socket.destroy()
  })

  test('I.6: 100 Continue comes with the first read', async () => {
    const asking = requestText('POST', '/', { Expect: '100-continue' }, 'abc')
    await using reading = await host(echo)
    expect((await talk(reading.port, asking)).interim.map(({ status }) => status)).toEqual([100])
    await using refusing = await host((_, startResponse) => {
      startResponse(417, [])
      return null
    })
    expect(await talk(refusing.port, asking)).toMatchObject({ interim: [], final: { status: 417 } })
  })

  test('413: a length over the limit is answered before the application is called', async () => {
    const called = vi.fn<Application>()
    await using running = await host(called, { limits: { maxBodySize: 10 } })
    const { final } = await talk(running.port, requestText('POST', '/', {}, 'x'.repeat(11)))
    expect(final).toMatchObject({ status: 413 })
    expect(final?.fields).toContainEqual(['connection', 'close'])
    expect(called).not.toHaveBeenCalled()
    expect(running.log).toEqual([])
  })

  test('413: a body that grows over the limit makes the read reject, which is the answer', async () => {
    await using running = await host(echo, { limits: { maxBodySize: 10 } })
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n'
    expect((await talk(running.port, [chunked])).final).toMatchObject({ status: 413 })
  })

  test('408: a body that does not come makes the read reject, which is the answer', async () => {
    await using running = await host(echo, { timeouts: { body: 30 } })
    const request = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc'
    expect((await talk(running.port, [request])).final).toMatchObject({ status: 408 })
  })

  test('408: the time that all reads have waited counts', async () => {
    await using running = await host(echo, { timeouts: { body: 60 } })
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n'
    const { final } = await talk(running.port, [head], (socket) => {
      const timer = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    expect(final).toMatchObject({ status: 408 })
  })

  test('I.9: after the response a read rejects', async () => {
    const read = Promise.withResolvers<unknown>()
    await using running = await host(({ input, server }, startResponse) => {
      server.onFinish(() => read.resolve(Promise.resolve(input.read()).catch((error: unknown) => error)))
      startResponse(204, [])
      return null
    })
    await talk(running.port, requestText('POST', '/', {}, 'abc'))
    expect(await read.promise).toMatchObject({ status: 400 })
  })
})
