/** Each rule of SPEC.md, with a fault in which that rule fires and no other. */
import { request, validate, type Finding, type InProcessRequest } from '@tsgi/validator'
import type {
  Application,
  Body,
  BodyWriter,
  Environ,
  HeaderList,
  Input,
  ServerContext,
  StartResponse,
} from '@tsgi/spec'
import { RULES, type RuleCode } from '@tsgi/spec/clauses'
import { describe, expect, test } from 'vitest'
import { check } from '@tsgi/validator'

interface Harness {
  readonly findings: Finding[]
  /** An application under the validator. */
  wrap(app: Application): Application
}

/** An application at fault, in a server by the book. */
const app =
  (faulty: Application, what?: InProcessRequest) =>
  async ({ wrap }: Harness): Promise<void> => {
    await request(wrap(faulty), what)
  }

/** A server at fault, in that it passes this environ. */
const environ =
  (
    part: { readonly [member in keyof Environ]?: unknown } & { readonly [vendor: string]: unknown },
    what?: InProcessRequest,
  ) =>
  async ({ wrap }: Harness): Promise<void> => {
    await request(wrap(hello), { ...what, environ: part as Partial<Environ> })
  }

/** A server at fault in the services that it offers: it stands outside as a middleware would. */
const offering =
  (offer: (server: ServerContext) => Partial<ServerContext>, part: Partial<Environ> = {}, inner: Application = hello) =>
  async ({ wrap }: Harness): Promise<void> => {
    const wrapped = wrap(inner)
    await request((environ, startResponse) => {
      const { server } = environ
      const plain = {
        name: server.name,
        signal: server.signal,
        onFinish: (fn: (error?: unknown) => void) => server.onFinish(fn),
        flush: () => server.flush(),
      }
      return wrapped({ ...environ, ...part, server: { ...plain, ...offer(server) } }, startResponse)
    })
  }

/** A server at fault in what it does with a body. */
const server =
  (body: () => Body, faulty: (body: never, end: () => void) => unknown) =>
  async ({ wrap }: Harness): Promise<void> => {
    await drive(
      wrap((_environ, startResponse) => {
        startResponse(200, [])
        return body()
      }),
      faulty,
    )
  }

async function drive(wrapped: Application, faulty: (body: never, end: () => void) => unknown): Promise<void> {
  let end: (error?: unknown) => void = () => {}
  const context: ServerContext = {
    name: 'faulty',
    signal: new AbortController().signal,
    onFinish: (fn) => {
      end = fn
    },
    flush() {},
  }
  const body = await wrapped(await anEnviron({ server: context }), () => {})
  await faulty(body as never, () => end())
  await turns()
}

/** The environ of a server by the book, with a part of it replaced. Its request does not end. */
function anEnviron(part: Partial<Environ>): Promise<Environ> {
  return new Promise((resolve) => {
    void request((environ) => {
      resolve({ ...environ, ...part })
      return new Promise(() => {})
    })
  })
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
}

const hello: Application = (_environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return 'hello'
}

/** Answers with this head. */
const answering =
  (status: number, headers: HeaderList, body: Body = null): Application =>
  (_environ, startResponse) => {
    startResponse(status, headers)
    return body
  }

/** Does something with the environ, then answers. */
const doing =
  (act: (environ: Environ, startResponse: StartResponse) => unknown): Application =>
  async (environ, startResponse) => {
    try {
      await act(environ, startResponse)
    } catch {
      // A server by the book refuses some of it.
    }
    return hello(environ, startResponse)
  }

const inputGiving = (read: Input['read'], trailers: HeaderList | null = null): Input => ({
  read,
  trailers,
  async *[Symbol.asyncIterator]() {},
})

const reading =
  (...sizes: (number | undefined)[]): Application =>
  async (environ, startResponse) => {
    for (const size of sizes) await environ.input.read(size)
    return hello(environ, startResponse)
  }

const closable = (): Iterable<string> & { close(): void } => Object.assign(['a', 'b'].values(), { close() {} })
const take = (body: Iterable<unknown> & { close(): void }): void => {
  for (const _ of body);
}

const reusing = (): Input => {
  const memory = new ArrayBuffer(8)
  let left = 2
  return inputGiving(() => new Uint8Array(memory, 0, left-- > 0 ? 4 : 0))
}

const UPGRADE = { headers: ['connection', 'upgrade', 'upgrade', 'echo'] } as const

const FAULTS: Readonly<Record<RuleCode, (harness: Harness) => Promise<unknown>>> = {
  // C
  TSGI_V_START_RESPONSE_MISSING: async ({ wrap }) => {
    const wrapped = wrap((_environ, startResponse) => (startResponse(200, []), null))
    const sound = await anEnviron({})
    expect(() => wrapped(sound, undefined as never)).toThrow()
  },
  TSGI_V_START_MISSING: app(() => 'hello'),
  TSGI_V_ENVIRON_REUSED: async ({ wrap }) => {
    const wrapped = wrap(hello)
    const same = await anEnviron({})
    await wrapped(same, () => {})
    await wrapped(same, () => {})
  },
  // E
  TSGI_V_ENVIRON_MEMBER: async ({ wrap }) => {
    const { urlScheme: _, ...rest } = await anEnviron({})
    await wrap(hello)(rest as Environ, () => {})
  },
  TSGI_V_ENVIRON_CHANGED: app(doing((environ) => Object.assign(environ, { pathInfo: '/other' }))),
  TSGI_V_ENVIRON_VERSION: environ({ version: '1.0' }),
  TSGI_V_ENVIRON_METHOD: environ({ requestMethod: 'GET ' }),
  TSGI_V_ENVIRON_QUERY: environ({ queryString: 'a=é' }),
  TSGI_V_ENVIRON_SERVER: environ({ serverName: 'localhost:80' }),
  TSGI_V_ENVIRON_PROTOCOL: environ({ serverProtocol: '1.1' }),
  TSGI_V_ENVIRON_SCHEME: environ({ urlScheme: 'https:' }),
  TSGI_V_ENVIRON_REMOTE: environ({ remoteAddr: '::ffff:127.0.0.1' }),
  TSGI_V_REQUEST_HEADERS: environ({ headers: ['host'] }),
  TSGI_V_REQUEST_HEADER_NAME: environ({ headers: ['Host', 'localhost'] }),
  TSGI_V_REQUEST_HEADER_VALUE: environ({ headers: ['host', ' localhost'] }),
  TSGI_V_ENVIRON_FLAGS: environ({ multithread: 'yes' }),
  TSGI_V_MULTITHREAD: async ({ wrap }) => {
    const wrapped = wrap(hello)
    for (let i = 0; i < 2; i++) await wrapped(await anEnviron({ multithread: false }), () => {})
  },
  TSGI_V_ENVIRON_ERRORS: environ({ errors: console }),
  TSGI_V_ERRORS_TEXT: app(doing((environ) => environ.errors.write(new Error('oops') as never))),
  TSGI_V_ENVIRON_KEY: environ({ session: {} }),
  // P, T
  TSGI_V_PATH_DECODED: environ({ pathInfo: '/a b' }),
  TSGI_V_SCRIPT_NAME: environ({ scriptName: '/shop/' }),
  TSGI_V_PATH_INFO: environ({ pathInfo: 'hello' }),
  TSGI_V_ENVIRON_TLS: environ({
    // The name in a certificate that nobody verified.
    'tsgi.tls': {
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn: null,
      serverName: null,
      authorized: false,
      subject: 'CN=admin',
    },
  }),
  TSGI_V_ENVIRON_LOCAL: environ({ 'tsgi.local': { address: '::ffff:127.0.0.1', port: 80 } }),
  TSGI_V_ENVIRON_PEER: environ({ 'tsgi.peer': '127.0.0.1' }),
  // H
  TSGI_V_HEADERS_LIST: app(answering(200, [['a', 'b']] as never)),
  TSGI_V_HEADERS_ODD: app(answering(200, ['x-a'])),
  TSGI_V_HEADER_NAME: app(answering(200, ['Content-Type', 'text/plain'])),
  TSGI_V_HEADER_VALUE: app(answering(200, ['x-a', 'a\r\nx-b: b'])),
  TSGI_V_HEADER_WIDE: app(answering(200, ['x-a', '→'])),
  TSGI_V_HEADER_WHITESPACE: app(answering(200, ['x-a', ' a'])),
  TSGI_V_HEADERS_CHANGED: app((_environ, startResponse) => {
    const headers = ['x-a', 'a']
    startResponse(200, headers)
    headers.push('x-b', 'b')
    return null
  }),
  TSGI_V_REQUEST_HEADERS_CHANGED: app(
    doing((environ) => void (environ.headers as string[]).push('x-user', 'me')),
    { headers: ['host', 'localhost'] },
  ),
  TSGI_V_HOP_BY_HOP: app(answering(200, ['transfer-encoding', 'chunked'])),
  // I
  TSGI_V_ENVIRON_INPUT: environ({ input: {} }),
  TSGI_V_INPUT_BYTES: async ({ wrap }) => {
    await request(wrap(reading(undefined)), { environ: { input: inputGiving(() => 'hello' as never) } })
  },
  TSGI_V_INPUT_SIZE: async ({ wrap }) => {
    await request(wrap(reading(3)), { environ: { input: inputGiving(() => new Uint8Array(4)) } })
  },
  TSGI_V_INPUT_AFTER_END: async ({ wrap }) => {
    const given = [new Uint8Array(0), new Uint8Array(1)]
    const input = inputGiving(() => given.shift() ?? new Uint8Array(0))
    await request(wrap(reading(undefined, undefined)), { environ: { input } })
  },
  TSGI_V_READ_SIZE: app(doing((environ) => environ.input.read(0))),
  TSGI_V_READ_OVERLAP: app(
    doing((environ) => Promise.all([environ.input.read(), Promise.resolve().then(() => environ.input.read())])),
    { body: [new Promise((resolve) => setImmediate(() => resolve('a')))] },
  ),
  TSGI_V_INPUT_REUSED: async ({ wrap }) => {
    await request(wrap(reading(undefined, undefined)), { environ: { input: reusing() } })
  },
  TSGI_V_INPUT_ERROR: async ({ wrap }) => {
    const input = inputGiving(() => Promise.reject(new Error('ECONNRESET')))
    await request(wrap(doing((environ) => environ.input.read())), { environ: { input } })
  },
  TSGI_V_INPUT_TRAILERS: async ({ wrap }) => {
    const input = inputGiving(() => new Uint8Array(0), ['x-sum', '1'])
    await request(wrap(doing((environ) => environ.input.trailers)), { environ: { input } })
  },
  TSGI_V_READ_LATE: async ({ wrap }) => {
    let kept: Input | undefined
    await request(
      wrap(
        doing((environ) => {
          kept = environ.input
        }),
      ),
    )
    await kept?.read()
  },
  // S
  TSGI_V_STATUS: app(answering('200 OK' as never, [])),
  TSGI_V_START_TWICE: app((environ, startResponse) => {
    startResponse(200, [])
    return hello(environ, startResponse)
  }),
  TSGI_V_START_LATE: async ({ wrap }) => {
    let kept: StartResponse | undefined
    await request(
      wrap((environ, startResponse) => {
        kept = startResponse
        return hello(environ, startResponse)
      }),
    )
    expect(() => kept?.(200, [])).toThrow('over')
  },
  TSGI_V_ALLOW_MISSING: app(answering(405, [])),
  TSGI_V_UPGRADE_MISSING: app(answering(426, [])),
  // B
  TSGI_V_BODY_KIND: app(answering(200, [], 42 as never)),
  TSGI_V_CHUNK_KIND: app(answering(200, [], [1] as never)),
  TSGI_V_CHUNK_CHANGED: app((_environ, startResponse) => {
    startResponse(200, [])
    const memory = new Uint8Array(4)
    return (function* () {
      for (let i = 1; i < 4; i++) yield memory.fill(i)
    })()
  }),
  TSGI_V_ITERATED_TWICE: server(closable, (body: Iterable<unknown> & { close(): void }, end) => {
    take(body)
    body[Symbol.iterator]()
    body.close()
    end()
  }),
  TSGI_V_PULL_OVERLAP: server(
    async function* () {
      yield 'a'
    },
    async (body: AsyncIterable<unknown> & { close(): void }, end) => {
      const iterator = body[Symbol.asyncIterator]()
      await Promise.all([iterator.next(), iterator.next()])
      body.close()
      end()
    },
  ),
  TSGI_V_PULL_AFTER_END: server(closable, (body: Iterable<unknown> & { close(): void }, end) => {
    const iterator = body[Symbol.iterator]()
    while (!iterator.next().done);
    iterator.next()
    body.close()
    end()
  }),
  TSGI_V_ITERATOR_RESULT: server(
    () => ({ [Symbol.iterator]: () => ({ next: () => undefined as never }) }),
    (body: Iterable<unknown> & { close(): void }, end) => {
      const iterator = body[Symbol.iterator]()
      iterator.next()
      iterator.return?.()
      body.close()
      end()
    },
  ),
  TSGI_V_WRITE_AFTER_END: async ({ wrap }) => {
    let kept: BodyWriter | undefined
    await request(
      wrap((_environ, startResponse) => {
        startResponse(200, [])
        return (out) => {
          kept = out
        }
      }),
    )
    await expect(kept?.write('late')).rejects.toThrow()
  },
  TSGI_V_BACKPRESSURE: app(
    (_environ, startResponse) => {
      startResponse(200, [])
      return async (out) => {
        for (let i = 0; i < 40; i++) void out.write('x'.repeat(64 * 1024))
      }
    },
    { slow: true },
  ),
  // L
  TSGI_V_LENGTH_FORM: app(answering(200, ['content-length', '+5'], 'hello')),
  TSGI_V_LENGTH_SURPLUS: app(answering(200, ['content-length', '4'], 'hello')),
  TSGI_V_LENGTH_SHORT: app(answering(200, ['content-length', '6'], 'hello')),
  TSGI_V_HEAD_DIFFERS: async ({ findings }) => {
    const { findings: found } = await check((environ, startResponse) => {
      startResponse(environ.requestMethod === 'HEAD' ? 404 : 200, [])
      return null
    })
    findings.push(...found)
  },
  TSGI_V_BODY_FORBIDDEN: app(answering(204, [], 'hello')),
  TSGI_V_LENGTH_FORBIDDEN: app(answering(204, ['content-length', '0'])),
  // F
  TSGI_V_CLOSE_THREW: app((_environ, startResponse) => {
    startResponse(200, [])
    return Object.assign(['a'].values(), { close: () => Promise.reject(new Error('oops')) })
  }),
  TSGI_V_FINISH_THREW: app(
    doing((environ) =>
      environ.server.onFinish(() => {
        throw new Error('oops')
      }),
    ),
  ),
  // G
  TSGI_V_NOT_CLOSED: server(closable, (body: Iterable<unknown> & { close(): void }, end) => {
    take(body)
    end()
  }),
  TSGI_V_CLOSED_TWICE: server(closable, (body: Iterable<unknown> & { close(): void }, end) => {
    take(body)
    body.close()
    body.close()
    end()
  }),
  TSGI_V_RETURN_MISSING: server(closable, (body: Iterable<unknown> & { close(): void }, end) => {
    body[Symbol.iterator]().next()
    body.close()
    end()
  }),
  TSGI_V_PULL_AFTER_CLOSE: server(closable, (body: Iterable<unknown> & { close(): void }, end) => {
    body.close()
    body[Symbol.iterator]()
    end()
  }),
  TSGI_V_FINISH_TWICE: server(
    () => 'a',
    (_body, end) => {
      end()
      end()
    },
  ),
  TSGI_V_FINISH_BEFORE_CLOSE: server(closable, (body: Iterable<unknown> & { close(): void }, end) => {
    take(body)
    end()
    body.close()
  }),
  // U
  TSGI_V_ENVIRON_CONTEXT: environ({ server: { name: 'faulty' } }),
  TSGI_V_CONTEXT_DETACHED: app(
    doing((environ) => {
      const { flush } = environ.server
      flush()
    }),
  ),
  TSGI_V_HINTS_OFFERED: offering(() => ({ earlyHints() {} }), { serverProtocol: 'HTTP/1.0' }),
  TSGI_V_HINTS_FIELDS: app(doing((environ) => environ.server.earlyHints?.(['Link', '</a.css>']))),
  TSGI_V_TRAILERS_OFFERED: offering(() => ({ trailers() {} }), { serverProtocol: 'HTTP/1.0' }),
  TSGI_V_TRAILERS_LATE: app((environ, startResponse) => {
    startResponse(200, ['content-length', '1'])
    return (function* () {
      yield 'a'
      environ.server.trailers?.(() => [])
    })()
  }),
  TSGI_V_TRAILERS_FIELDS: app(doing((environ) => environ.server.trailers?.(() => ['content-type', 'text/plain']))),
  TSGI_V_UPGRADE_OFFERED: offering(() => ({ upgrade: () => null })),
  TSGI_V_UPGRADE_PROTOCOL: app((environ) => environ.server.upgrade?.('chat', [], () => {}) ?? null, UPGRADE),
  TSGI_V_UPGRADE_RESULT: app((environ) => {
    environ.server.upgrade?.('echo', [], () => {})
    return 'hello'
  }, UPGRADE),
  TSGI_V_UPGRADE_FIELDS: app(
    (environ) => environ.server.upgrade?.('echo', ['connection', 'upgrade'], () => {}) ?? null,
    UPGRADE,
  ),
  TSGI_V_SIGNAL_AFTER_FINISH: async (harness) => {
    const gone = new AbortController()
    const asking = doing((environ) => environ.server.signal.aborted)
    await offering(() => ({ signal: gone.signal }), {}, asking)(harness)
    gone.abort()
  },
  TSGI_V_DRAINING: offering(
    () => ({ draining: 'soon' as never }),
    {},
    doing((environ) => environ.server.draining),
  ),
  // M
  TSGI_V_LIFESPAN_KIND: async ({ wrap }) => wrap(Object.assign(hello.bind(null), { shutdown: 'yes' as never })),
  TSGI_V_STARTUP_MISSING: app(Object.assign(hello.bind(null), { startup() {} })),
  TSGI_V_STARTUP_TWICE: async ({ wrap }) => {
    const wrapped = wrap(Object.assign(hello.bind(null), { startup() {} }))
    for (let i = 0; i < 2; i++) await wrapped.startup?.()
  },
  TSGI_V_SHUTDOWN_EARLY: async ({ wrap }) => {
    const wrapped = wrap(Object.assign(hello.bind(null), { shutdown() {} }))
    await wrapped(await anEnviron({}), () => {})
    await wrapped.shutdown?.()
  },
  TSGI_V_SHUTDOWN_TWICE: async ({ wrap }) => {
    const wrapped = wrap(Object.assign(hello.bind(null), { shutdown() {} }))
    for (let i = 0; i < 2; i++) await wrapped.shutdown?.()
  },
  TSGI_V_CALL_AFTER_SHUTDOWN: async ({ wrap }) => {
    const wrapped = wrap(Object.assign(hello.bind(null), { shutdown() {} }))
    await wrapped.shutdown?.()
    await request(wrapped)
  },
}

describe('each rule fires at its fault, and no other does', () => {
  test.each(Object.entries(FAULTS))('%s', async (code, commit) => {
    const findings: Finding[] = []
    const wrap = (app: Application): Application => validate(app, { report: findings, trace: true })
    await commit({ findings, wrap })
    await turns()
    expect(findings.map((finding) => finding.toString())).toHaveLength(1)
    expect(findings[0]).toMatchObject({ code, ...RULES[code as RuleCode] })
  })
})
