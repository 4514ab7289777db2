/** Applications that use all that there is, as it should be used. Nothing is found. */
import { check, request, validate, type Finding, type InProcessRequest } from '@tsgi/validator'
import { mapBody, type Application, type Body } from '@tsgi/spec'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Readable } from 'node:stream'

const TEXT = ['content-type', 'text/plain; charset=utf-8'] as const

const answering =
  (body: () => Body): Application =>
  (_environ, startResponse) => {
    startResponse(200, TEXT)
    return body()
  }

const APPLICATIONS: Readonly<Record<string, Application>> = {
  null: answering(() => null),
  text: answering(() => 'héllo'),
  bytes: answering(() => new Uint8Array([1, 2, 3])),
  chunks: answering(() => ['a', '', new Uint8Array([1]), 'é']),
  'a generator': answering(function* () {
    yield 'a'
    yield ''
    yield new Uint8Array([1])
  }),
  'an endless generator': answering(function* () {
    for (;;) yield 'x'.repeat(10_000)
  }),
  'an async generator': answering(async function* () {
    yield 'a'
    await Promise.resolve()
    yield 'b'
  }),
  'a Node stream': answering(() => Readable.from(['a', 'b']) as Body),
  'an iterable with close': answering(() => Object.assign(['a', 'b'].values(), { close: async () => {} })),
  'an iterable with dispose': answering(() => Object.assign(['a'].values(), { [Symbol.dispose]() {} })),
  'a function that writes': answering(() => async (out) => {
    for (let i = 0; i < 20; i++) await out.write('x'.repeat(200_000))
    await out.flush()
  }),
  'a function that is done at once': answering(() => (out) => void out.write('a')),
  'a generator that starts late': (_environ, startResponse) =>
    (function* () {
      startResponse(200, TEXT)
      yield 'a'
    })(),
  'a promise': async (_environ, startResponse) => {
    await Promise.resolve()
    startResponse(200, TEXT)
    return 'later'
  },
  'a declared length': (_environ, startResponse) => {
    startResponse(200, ['content-length', '7'])
    return ['h', 'é', 'llo', '!']
  },
  'no content': (_environ, startResponse) => {
    startResponse(204, [])
    return null
  },
  'not modified, with the length that GET would have': (_environ, startResponse) => {
    startResponse(304, ['content-length', '100', 'etag', '"a"'])
    return null
  },
  'the fields that some statuses need': (environ, startResponse) => {
    if (['GET', 'HEAD'].includes(environ.requestMethod)) startResponse(426, ['upgrade', 'echo', 'connection', 'close'])
    else startResponse(405, ['allow', 'GET'])
    return null
  },
  'an error in place of an answer': (_environ, startResponse) => {
    startResponse(200, TEXT)
    try {
      throw new Error('half-way')
    } catch (error) {
      startResponse(500, TEXT, error)
      return 'sorry'
    }
  },
  'an error that is left to the server': () => {
    throw new Error('oops')
  },
  'an error in the middle': answering(function* () {
    yield 'a'
    throw new Error('oops')
  }),
  'reading to the end': async (environ, startResponse) => {
    let length = 0
    for (let bytes = await environ.input.read(3); bytes.length > 0; bytes = await environ.input.read(3))
      length += bytes.length
    await environ.input.read()
    startResponse(200, TEXT)
    return `${length} ${String(environ.input.trailers)}`
  },
  iterating: async (environ, startResponse) => {
    for await (const _ of environ.input) break
    for await (const _ of environ.input);
    startResponse(200, TEXT)
    return null
  },
  'all that the server offers': (environ, startResponse) => {
    const { server } = environ
    server.onFinish(() => {})
    server.earlyHints?.(['link', '</a.css>; rel=preload'])
    server.trailers?.(() => ['x-sum', '1'])
    environ.errors.write(`${server.name}: ${server.signal.aborted}\n`)
    startResponse(200, ['set-cookie', 'a=1', 'set-cookie', 'b=2', 'x-latin', 'caf\u00e9', 'x-empty', ''])
    server.flush()
    return (function* () {
      yield 'a'
      server.flush()
    })()
  },
  'giving up when the client left': async (environ, startResponse) => {
    await new Promise((resolve) => setImmediate(resolve))
    if (environ.server.signal.aborted) return 'nobody reads this'
    startResponse(200, TEXT)
    return 'hello'
  },
  'a copy of the environ': (environ, startResponse) =>
    answering(() => environ.pathInfo)(
      { ...environ, scriptName: '/deeper', 'acme.user': 'me', headers: [...environ.headers, 'x-user', 'me'] },
      startResponse,
    ),
  'a middleware': (environ, startResponse) => {
    const body = answering(() => ['a', 'b'].values())(environ, (...head) => startResponse(...head))
    return mapBody(body as Body, (chunk) => chunk)
  },
}

describe.each(Object.entries(APPLICATIONS))('%s', (_, application) => {
  test('breaks no rule', async () => {
    const { findings, requests } = await check(application)
    expect(findings.map(String)).toEqual([])
    expect(requests.length).toBeGreaterThan(20)
  })

  test('breaks none between two validators either, and in throwing mode goes on', async () => {
    const outer = validate(validate(application, { report: 'throw' }), { report: 'throw' })
    const bare = await request(application, { leavesAfter: 100_000 })
    const watched = await request(outer, { leavesAfter: 100_000 })
    expect(watched).toEqual({ ...bare, error: watched.error, log: watched.log })
    expect(String(watched.error)).toBe(String(bare.error))
  })
})

test('a lifespan that is run as it should be breaks no rule', async () => {
  const calls: string[] = []
  const application = Object.assign(
    answering(() => null),
    {
      startup: async () => void calls.push('up'),
      shutdown: () => void calls.push('down'),
    },
  )
  expect((await check(application)).findings).toEqual([])
  expect(calls).toEqual(['up', 'down'])
})

test('an upgrade that was asked for breaks no rule', async () => {
  const findings: Finding[] = []
  const what: InProcessRequest = { headers: ['connection', 'Upgrade', 'upgrade', 'chat, Echo'], body: ['hi'] }
  const application: Application = (environ) => {
    const run = async (input: typeof environ.input, out: { write(chunk: Uint8Array): unknown }) => {
      await out.write(await input.read())
    }
    return environ.server.upgrade?.('Echo', ['x-a', 'b'], run) ?? null
  }
  const answer = await request(validate(application, { report: findings }), what)
  expect(answer).toMatchObject({ status: 101, headers: ['x-a', 'b'], body: Buffer.from('hi') })
  expect(findings).toEqual([])
})

test('a wrapper has the optional services that the server has, and no others', async () => {
  const seen: string[][] = []
  const application: Application = (environ, startResponse) => {
    seen.push(['earlyHints', 'trailers', 'upgrade'].filter((name) => name in environ.server))
    startResponse(200, [])
    return null
  }
  const validated = validate(application, { report: 'throw' })
  await request(validated)
  await request(validated, { protocol: 'HTTP/1.0' })
  await request(validated, { headers: ['upgrade', 'echo'] })
  expect(seen).toEqual([['earlyHints', 'trailers'], [], ['earlyHints', 'trailers', 'upgrade']])
})

test('what is synchronous stays so', async () => {
  const kinds: unknown[] = []
  const application = answering(() => ['a'].values())
  await request((environ, startResponse) => {
    const body = validate(application, { report: 'throw' })(environ, startResponse)
    kinds.push(typeof (body as { then?: unknown }).then, Symbol.iterator in Object(body))
    return body
  })
  expect(kinds).toEqual(['undefined', true])
})

test('nothing keeps a process from ending', () => {
  const before = process.getActiveResourcesInfo().length
  onTestFinished(() => expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before))
  validate(answering(() => null))
})

describe('a response that stops because its client left', () => {
  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve())
    })
  const bodies: Readonly<Record<string, (signal: AbortSignal) => Body>> = {
    'a function': (signal) => async (out) => {
      await out.write('abcd')
      await wait(signal)
    },
    'an async generator': async function* (signal) {
      yield 'abcd'
      await wait(signal)
    },
  }

  test.each(Object.entries(bodies))('is not too short: %s', async (_, body) => {
    const findings: Finding[] = []
    const app: Application = ({ server }, startResponse) => {
      startResponse(200, ['content-length', '5'])
      return body(server.signal)
    }
    await request(validate(app, { report: findings }), { leavesAfter: 1, patience: 5_000 })
    expect(findings).toEqual([])
  })

  test('need not have begun', async () => {
    const findings: Finding[] = []
    const app: Application = async ({ server }) => {
      await wait(server.signal)
      return null
    }
    await request(validate(app, { report: findings }), { leavesAfter: 0, patience: 5_000 })
    expect(findings).toEqual([])
  })
})
