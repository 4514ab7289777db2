import { setImmediate as turn } from 'node:timers/promises'
import type { Application } from '@tsgi/spec'
import { describe, expect, it } from 'vitest'
import { deferred, serving } from '../serving.ts'
import { connect, field, get, rawConnect } from './client.ts'
import { code, DATA, END_STREAM, frame, get as getFrame, HEADERS, post, RST_STREAM } from './raw-client.ts'

describe('an HTTP/2 response', () => {
  const of = async (app: Application, headers = {}, options = {}) => {
    const server = await serving(app, options, 'sockets')
    const answer = await get(connect(server.port), '/', headers)
    return { server, answer }
  }

  it('has its status, its fields in order with repeats, its length and a date', async () => {
    const { answer } = await of(
      (_, start) => (start(201, ['set-cookie', 'a', 'set-cookie', 'b', 'x', '\xe9']), 'h\xe9'),
    )
    const { fields } = answer
    expect(fields.slice(0, 10)).toEqual([
      ':status',
      '201',
      'set-cookie',
      'a',
      'set-cookie',
      'b',
      'x',
      '\xe9',
      'content-length',
      '3',
    ])
    expect(fields.slice(10)).toEqual(['date', expect.any(String)])
    expect(Buffer.from(answer.body, 'latin1').toString()).toBe('h\xe9')
  })

  it('has no field of a connection', async () => {
    const { answer } = await of((_, start) => (start(426, ['connection', 'close', 'upgrade', 'x', 'y', 'z']), ''))
    expect(answer.fields.filter((_, at) => at % 2 === 0)).toEqual([':status', 'y', 'content-length', 'date'])
  })

  it.each([
    [204, undefined],
    [205, '0'],
    [304, undefined],
  ])('has no body with %i', async (status, length) => {
    const { answer } = await of((_, start) => (start(status, []), null))
    expect([answer.status, answer.body, field(answer, 'content-length')[0]]).toEqual([status, '', length])
  })

  it('says with HEAD what GET would', async () => {
    const { answer } = await of((_, start) => (start(200, []), 'hello'), { ':method': 'HEAD' })
    expect([answer.body, field(answer, 'content-length')]).toEqual(['', ['5']])
  })

  it('sends early hints before it, and trailers behind it', async () => {
    const { answer } = await of((environ, start) => {
      environ.server.earlyHints?.(['link', '</a>', 'link', '</b>'])
      environ.server.trailers?.(() => ['x-sum', '7'])
      start(200, [])
      return ['a', 'b'][Symbol.iterator]() as Iterable<string>
    })
    expect(answer.interim).toMatchObject([{ ':status': 103, link: '</a>, </b>' }])
    expect(answer.body).toBe('ab')
    expect(answer.trailers).toMatchObject({ 'x-sum': '7' })
  })

  it('offers no upgrade', async () => {
    const { answer } = await of((environ, start) => (start(200, []), `upgrade' in ${'upgrade' in environ.server}`))
    expect(answer.body).toContain('false')
  })

  it('is a 500 where the application fails before its head', async () => {
    const { answer, server } = await of(() => {
      throw new Error('broken')
    })
    expect(answer.status).toBe(500)
    expect(server.log).toHaveLength(1)
  })

  it('breaks off by a reset of its stream alone', async () => {
    const server = await serving(
      (environ, start) => {
        start(200, [])
        if (environ.pathInfo === '/whole') return 'whole'
        return (async function* () {
          yield 'part'
          throw new Error('broken')
        })()
      },
      {},
      'sockets',
    )
    const session = connect(server.port)
    await expect(get(session, '/')).rejects.toThrow(/INTERNAL_ERROR/)
    expect((await get(session, '/whole')).body).toBe('whole')
  })

  it('tells its listeners once it is out', async () => {
    const ends: unknown[] = []
    await of((environ, start) => (environ.server.onFinish((error) => ends.push(error)), start(200, []), 'x'))
    await expect.poll(() => ends).toEqual([undefined])
  })

  it('is in the access log', async () => {
    const records: unknown[] = []
    await of((_, start) => (start(200, []), 'hello'), {}, { access: (record: unknown) => records.push(record) })
    await expect
      .poll(() => records)
      .toMatchObject([{ protocol: 'HTTP/2', status: 200, bytes: 5, complete: true, target: '/' }])
  })

  it('ends the rest of a body that nobody reads', async () => {
    const server = await serving((_, start) => (start(200, []), 'early'), {}, 'sockets')
    const client = rawConnect(server.port).send(post(1))
    await client.until(() => client.reset(1) !== null)
    expect([client.body(1), client.reset(1)]).toEqual(['early', 0])
    client.send(getFrame(3))
    await client.until(() => client.ended(3))
  })

  it('ends the rest of a body that was read in part', async () => {
    const server = await serving(
      async (environ, start) => {
        await environ.input.read(1)
        start(200, [])
        return 'early'
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port).send(post(1), frame(DATA, 0, 1, Buffer.from('abc')))
    await client.until(() => client.reset(1) !== null)
    expect([client.body(1), client.reset(1)]).toEqual(['early', 0])
  })

  it('is over where a part of the body was received and not read', async () => {
    const received = deferred()
    const server = await serving(
      async (environ, start) => {
        await environ.input.read(1)
        received.resolve()
        await environ.input.read(2)
        await environ.input.read(1)
        start(200, [])
        return 'early'
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port).send(post(1), frame(DATA, 0, 1, Buffer.from('abc')))
    await received.promise
    client.send(frame(DATA, 0, 1, Buffer.from('def')), frame(DATA, END_STREAM, 1, Buffer.from('ghi')))
    await client.until(() => client.ended(1))
    await expect.poll(() => server.http.stats().active).toBe(0)
  })
})

describe('the end of a streamed HTTP/2 response whose request was not read', () => {
  it.each([
    ['no trailers', []],
    ['trailers', ['x-sum', '7']],
  ])('has %s before the reset that stops the request', async (_, trailers) => {
    const server = await serving(
      (environ, start) => {
        environ.server.trailers?.(() => trailers)
        start(200, [])
        return (async function* () {
          yield 'early'
          await turn()
        })()
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port).send(post(1))
    await client.until(() => client.reset(1) !== null)
    const ends = client.frames.filter(({ stream, flags }) => stream === 1 && (flags & END_STREAM) !== 0)
    expect(ends.map(({ type }) => type)).toEqual([trailers.length > 0 ? HEADERS : DATA])
    expect([client.body(1), client.reset(1), client.frames.at(-1)?.type]).toEqual(['early', 0, RST_STREAM])
  })
})

describe('a client of HTTP/2 that leaves', () => {
  it.each(['by a reset', 'with its connection'])('%s aborts the signal, and the listeners receive why', async (how) => {
    const begun = deferred()
    const aborted = deferred<unknown>()
    const finished = deferred<unknown>()
    const server = await serving(
      async (environ, start) => {
        environ.server.signal.addEventListener('abort', () => aborted.resolve(environ.server.signal.reason))
        environ.server.onFinish((error) => finished.resolve(error))
        begun.resolve()
        await aborted.promise
        start(200, [])
        return 'late'
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port).send(getFrame(1))
    await begun.promise
    if (how === 'by a reset') client.send(frame(RST_STREAM, 0, 1, code(8)))
    else client.socket.resetAndDestroy()
    expect(await aborted.promise).toMatchObject({ code: 'TSGI_ERR_CLIENT_GONE' })
    expect(await finished.promise).toBe(await aborted.promise)
    expect(server.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('closes the body that it left', async () => {
    const closed = deferred()
    const server = await serving(
      (_, start) => {
        start(200, [])
        return (async function* () {
          try {
            for (;;) {
              yield 'x'
              await new Promise((resolve) => setTimeout(resolve, 5))
            }
          } finally {
            closed.resolve()
          }
        })()
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port).send(getFrame(1))
    await client.until(() => client.of(HEADERS, 1).length > 0)
    client.send(frame(RST_STREAM, 0, 1, code(8)))
    await closed.promise
  })
})
