/** TSGI applications on `node:http`, by clause of SPEC.md: status, fields and lengths of what they answer. */
import { describe, expect, test, vi } from 'vitest'
import { GET, TEXT, host } from './application-host.ts'
import { requestText, talk } from './wire.ts'

describe('the head', () => {
  test('S.2, S.4: waits for the first chunk, and can be replaced until then', async () => {
    await using running = await host((_, startResponse) => {
      startResponse(200, ['x-first', '1'])
      return (function* body() {
        yield ''
        startResponse(503, TEXT, new Error('cause'))
        yield 'replaced'
      })()
    })
    const { final } = await talk(running.port, GET)
    expect(final).toMatchObject({ status: 503 })
    expect(final?.fields.map(([name]) => name)).not.toContain('x-first')
    expect(final?.body.toString()).toBe('replaced')
  })

  test('S.4: trailers that were registered before are dropped', async () => {
    await using running = await host((environ, startResponse) => {
      environ.server.trailers?.(() => ['x-sum', '1'])
      startResponse(200, TEXT)
      startResponse(503, TEXT, new Error('cause'))
      return (function* body() {
        yield 'replaced'
      })()
    })
    expect((await talk(running.port, GET)).final).toMatchObject({ status: 503, trailers: [], complete: true })
  })

  test('S.5: too late, startResponse throws the error it was given', async () => {
    await using running = await host((_, startResponse) => {
      startResponse(200, TEXT)
      return (function* body() {
        yield 'part'
        startResponse(500, TEXT, new Error('mine'))
      })()
    })
    expect((await talk(running.port, GET)).final?.complete ?? false).toBe(false)
    expect(running.log[0]).toContain('Error: mine')
  })

  test('U.2: a flush sends it', async () => {
    const flushed = Promise.withResolvers<void>()
    await using running = await host((environ, startResponse) => {
      startResponse(200, TEXT)
      return (async function* body() {
        environ.server.flush()
        await flushed.promise
        yield 'later'
      })()
    })
    const { final } = await talk(running.port, GET, (socket) => socket.once('data', () => flushed.resolve()))
    expect(final?.body.toString()).toBe('later')
  })

  test.for([
    ['S.1: a status below 200', 199, TEXT, 'expected a status from 200 to 599'],
    ['S.1: a status that is text', '200' as never, TEXT, 'expected a status from 200 to 599'],
    ['H.1: an odd list', 200, ['a'], 'flat list'],
    ['H.2: a name in upper case', 200, ['X-A', '1'], 'expected a field name in lower case'],
    ['H.3: a value with a line break', 200, ['x-a', '1\r\nx-b: 2'], 'without control characters'],
    ['H.3: a value with a wide character', 200, ['x-a', '€'], 'without control characters'],
    ['H.6: transfer-encoding', 200, ['transfer-encoding', 'chunked'], "is the server's to send"],
    ['H.6: connection: upgrade', 200, ['connection', 'upgrade'], "is the server's to send"],
    ['H.6: upgrade without 426', 200, ['upgrade', 'h2c'], 'may only be sent with status 426'],
    ['L.3: two lengths', 200, ['content-length', '1', 'content-length', '1'], 'expected one content-length'],
    ['L.3: a length with a sign', 200, ['content-length', '+1'], 'expected a decimal number of bytes'],
  ] as const)('refuses %s', async ([, status, headers, message]) => {
    await using running = await host((_, startResponse) => {
      startResponse(status, headers)
      return 'x'
    })
    expect((await talk(running.port, GET)).final?.status).toBe(500)
    expect(running.log[0]).toContain(message)
  })

  test('H.3: values are bytes, whatever the body is', async () => {
    await using running = await host((environ, startResponse) => {
      startResponse(200, ['content-length', '1', 'content-disposition', 'attachment; filename="\xe9"', 'x-a', '\xe9'])
      return environ.pathInfo === '/stream'
        ? (function* body() {
            yield 'x'
          })()
        : 'x'
    })
    for (const path of ['/', '/stream']) {
      const { final } = await talk(running.port, requestText('GET', path))
      expect(final?.fields).toContainEqual(['x-a', '\xe9'])
      expect(final?.fields).toContainEqual(['content-disposition', 'attachment; filename="\xe9"'])
    }
  })
})

describe('lengths', () => {
  test.for([
    ['null', null, '0', ''],
    ['a string, in UTF-8', 'é', '2', 'é'],
    ['bytes', Buffer.from('abc'), '3', 'abc'],
    ['an array', ['a', Buffer.from('b'), ''], '2', 'ab'],
  ] as const)('L.1: of %s is sent', async ([, body, length, text]) => {
    await using running = await host((_, startResponse) => {
      startResponse(200, [])
      return body
    })
    const { final } = await talk(running.port, GET)
    expect(final?.fields).toContainEqual(['content-length', length])
    expect(final?.body.toString()).toBe(text)
  })

  test.for([
    ['a string that is too long', 'abcdef'],
    ['an array that is too short', ['a']],
  ] as const)('L.4: %s is answered with 500', async ([, body]) => {
    await using running = await host((_, startResponse) => {
      startResponse(200, ['content-length', '3'])
      return body
    })
    expect((await talk(running.port, GET)).final?.status).toBe(500)
  })

  test('L.3: surplus bytes of a stream are not sent, and break the connection', async () => {
    await using running = await host((_, startResponse) => {
      startResponse(200, ['content-length', '3'])
      return async (out) => {
        await out.write('abc')
        await new Promise((resolve) => setImmediate(resolve))
        await out.write('def')
      }
    })
    expect(String((await talk(running.port, GET)).final?.body)).toBe('abc')
    expect(running.log[0]).toContain('exceeds the declared content-length by 3 bytes')
  })

  test.for([
    ['HEAD', 200, 'text', [['content-length', '4']]],
    ['HEAD', 200, null, []],
    ['GET', 204, null, []],
    ['GET', 205, null, [['content-length', '0']]],
    ['GET', 304, null, []],
  ] as const)('L.5 to L.7: %s with %s and %s', async ([method, status, body, expected]) => {
    await using running = await host((_, startResponse) => {
      startResponse(status, [])
      return body
    })
    const { final } = await talk(running.port, requestText(method, '/'))
    expect(final?.status).toBe(status)
    expect(final?.fields.filter(([name]) => name === 'content-length' || name === 'transfer-encoding')).toEqual(
      expected,
    )
    expect(final?.body).toHaveLength(0)
  })

  test('L.5: HEAD pulls an endless body until there is a head, and closes it', async () => {
    let pulled = 0
    const close = vi.fn<() => void>()
    await using running = await host((_, startResponse) => ({
      *[Symbol.iterator]() {
        startResponse(200, TEXT)
        for (;;) {
          pulled += 1
          yield 'x'
        }
      },
      close,
    }))
    expect((await talk(running.port, requestText('HEAD', '/'))).final?.status).toBe(200)
    expect(pulled).toBe(1)
    expect(close).toHaveBeenCalledTimes(1)
  })
})
