import type { Application, Body, BodyWriter, HeaderList } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { carried } from '../test/memory-carrier.ts'

const TEXT: HeaderList = ['content-type', 'text/plain']
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** An application with this body. */
const giving =
  (body: unknown, fields: HeaderList = TEXT, status = 200): Application =>
  (_, startResponse) => {
    startResponse(status, fields)
    return body as Body
  }

const field = (list: HeaderList, name: string): string | undefined => list[list.indexOf(name) + 1]

describe('startResponse', () => {
  test.each([199, 600, 200.5, '200', undefined])('refuses the status %s', (status) => {
    const { carrier } = carried((_, startResponse) => {
      startResponse(status as number, [])
      return ''
    })
    expect(carrier.status).toBe(500)
    expect(carrier.logged[0]?.error).toMatchObject({ code: 'TSGI_ERR_RESPONSE' })
  })

  test('throws for fields while it runs, and keeps the earlier head', () => {
    let thrown: unknown
    const { carrier } = carried((_, startResponse) => {
      startResponse(201, ['x-a', '1'])
      try {
        startResponse(200, ['x-a', ' outer'], new Error('replaced'))
      } catch (error) {
        thrown = error
      }
      return 'body'
    })
    expect(thrown).toMatchObject({ code: 'TSGI_ERR_FIELD' })
    expect([carrier.status, carrier.text]).toEqual([201, 'body'])
  })

  test('throws when called twice, unless an error replaces the head', () => {
    const twice: Application = (_, startResponse) => {
      startResponse(200, TEXT)
      expect(() => startResponse(200, TEXT)).toThrow('called twice')
      startResponse(404, [], undefined)
      return null
    }
    expect(carried(twice).carrier.status).toBe(404)
  })

  test('throws the error after the head was sent', () => {
    const { carrier } = carried((environ, startResponse) => {
      startResponse(200, TEXT)
      environ.server.flush()
      const error = new Error('late')
      expect(() => startResponse(500, [], error)).toThrow(error)
      return 'still'
    })
    expect(carrier.events).toEqual(['head 200', 'flush', 'chunk', 'end'])
  })

  test('throws after the end, and does nothing after the client left', async () => {
    const { carrier, leave } = carried(async (_, startResponse) => {
      await turn()
      startResponse(200, TEXT)
      return 'late'
    })
    leave()
    await turn()
    await turn()
    expect(carrier.events).toEqual([])
    expect(carrier.logged).toEqual([])
  })
})

test('a call of startResponse after the client left does nothing, whatever was called before', async () => {
  const late = Promise.withResolvers<void>()
  const { leave } = carried(async (environ, startResponse) => {
    startResponse(200, TEXT)
    environ.server.flush()
    await turn()
    try {
      startResponse(200, TEXT)
      startResponse(500, TEXT, new Error('replaced'))
      late.resolve()
    } catch (error) {
      late.reject(error)
    }
    return null
  })
  leave()
  await late.promise
})

describe('a body', () => {
  test.each<[string, () => unknown, string]>([
    ['null', () => null, ''],
    ['a string', () => 'grüße', 'grüße'],
    ['bytes', () => new TextEncoder().encode('abc'), 'abc'],
    ['an array', () => ['a', new TextEncoder().encode('b'), 'ü'], 'abü'],
    ['an empty array', () => [], ''],
  ])('that is %s goes out whole', (_, body, text) => {
    const { carrier } = carried(giving(body()))
    expect(carrier.events).toEqual(['whole 200'])
    expect(carrier.text).toBe(text)
    expect(field(carrier.fields, 'content-length')).toBe(String(new TextEncoder().encode(text).length))
  })

  test.each<[string, () => unknown]>([
    ['an iterable', () => ['a', '', 'bü'].values()],
    [
      'an async iterable',
      async function* () {
        yield 'a'
        yield ''
        yield 'bü'
      },
    ],
    [
      'a function',
      () => async (out: BodyWriter) => {
        await out.write('a')
        await out.write('bü')
      },
    ],
  ])('that is %s goes out in pieces', async (_, body) => {
    const { carrier } = carried(giving(body()))
    await turn()
    expect(carrier.events).toEqual(['head 200', 'chunk', 'chunk', 'end'])
    expect(carrier.text).toBe('abü')
    expect(carrier.fields).toEqual(TEXT)
  })

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['a number', 5],
    ['an array with a number', [5]],
    ['an array with null', ['a', null]],
    ['an iterable of numbers', [5].values()],
    ['an object', {}],
  ])('that is %s is answered with 500', (_, body) => {
    const { carrier } = carried(giving(body))
    expect(carrier.status).toBe(500)
    expect(carrier.logged[0]?.error).toMatchObject({ code: 'TSGI_ERR_RESPONSE' })
  })

  test('without startResponse is answered with 500', async () => {
    for (const body of [
      null,
      'text',
      [],
      ['a'].values(),
      () => {},
      (async function* () {
        yield 'a'
      })(),
    ]) {
      const { carrier } = carried(() => body as Body)
      await turn()
      expect(carrier.status).toBe(500)
    }
  })

  test('waits for room, and continues when there is', async () => {
    for (const body of [
      ['a', 'b'].values(),
      (async function* () {
        yield 'a'
        yield 'b'
      })(),
    ]) {
      const { carrier, exchange } = carried(async (_, startResponse) => {
        await turn()
        startResponse(200, TEXT)
        return body
      })
      carrier.blocked = true
      await turn()
      await turn()
      expect(carrier.text).toBe('a')
      carrier.blocked = false
      exchange.resume()
      await turn()
      expect([carrier.text, exchange.whole]).toEqual(['ab', true])
    }
  })
})

describe('lengths', () => {
  test.each<[string, () => unknown]>([
    ['a string', () => 'four'],
    ['bytes', () => new Uint8Array(4)],
    ['an array', () => ['four']],
    ['null', () => null],
  ])('that differ from %s are answered with 500', (_, body) => {
    for (const length of ['3', '5']) {
      const { carrier } = carried(giving(body(), ['content-length', length]))
      expect(carrier.status).toBe(500)
    }
  })

  test('that a body in pieces does not keep break the response off', () => {
    const short = carried(giving(['four'].values(), ['content-length', '5'])).carrier
    expect(short.events).toEqual(['head 200', 'chunk', 'break off'])
    const long = carried(giving(['four', 'four'].values(), ['content-length', '5'])).carrier
    expect(long.events).toEqual(['head 200', 'chunk', 'break off'])
    expect(long.text).toBe('four')
  })

  test.each<[number, string | undefined]>([
    [204, undefined],
    [205, '0'],
    [304, '4'],
  ])('with status %s are as the status demands', (status, said) => {
    const { carrier } = carried(giving('four', TEXT, status))
    const at = carrier.fields.indexOf('content-length')
    expect(at < 0 ? undefined : carrier.fields[at + 1]).toBe(said)
    expect(carrier.text).toBe('')
  })

  test('of null are not said to HEAD and with 304', () => {
    expect(carried(giving(null), { method: 'HEAD' }).carrier.fields).toEqual(TEXT)
    expect(carried(giving(null, TEXT, 304)).carrier.fields).toEqual(TEXT)
    expect(carried(giving('four'), { method: 'HEAD' }).carrier.fields).toContain('4')
  })

  test('of HEAD: a body in pieces is pulled until there is a head, and closed', () => {
    let pulled = 0
    let closed = 0
    const { carrier } = carried(
      (_, startResponse) => ({
        *[Symbol.iterator]() {
          startResponse(200, TEXT)
          for (;;) yield String(pulled++)
        },
        close: () => void closed++,
      }),
      { method: 'HEAD' },
    )
    expect(carrier.events).toEqual(['head 200', 'end'])
    expect([pulled, closed]).toEqual([1, 1])
  })
})

test('a first chunk that is too long is answered with 500', () => {
  for (const body of [['four'].values(), (out: BodyWriter) => void out.write('four')]) {
    const { carrier } = carried(giving(body, ['content-length', '3']))
    expect(carrier.status).toBe(500)
  }
})

test('a whole body of another length is answered with 500, also where trailers are to follow', () => {
  const { carrier } = carried((environ, startResponse) => {
    environ.server.trailers?.(() => ['x-sum', '1'])
    startResponse(200, ['content-length', '3'])
    return 'four'
  })
  expect(carrier.status).toBe(500)
})

test('the first write of a body for HEAD rejects once the head is there', async () => {
  const written = Promise.withResolvers<unknown>()
  const { carrier } = carried(
    (_, startResponse) => async (out) => {
      startResponse(200, TEXT)
      await Promise.resolve(out.write('a')).then(written.resolve, written.reject)
    },
    { method: 'HEAD' },
  )
  await expect(written.promise).rejects.toMatchObject({ code: 'TSGI_ERR_CLIENT_GONE' })
  expect([carrier.status, carrier.logged]).toEqual([200, []])
})

describe('failures', () => {
  test('before the head are answered with 500, without a word of them', () => {
    const { carrier, exchange } = carried(() => {
      throw new Error('the secret')
    })
    expect([carrier.status, carrier.text]).toEqual([500, '500 Internal Server Error\n'])
    expect(carrier.logged[0]).toMatchObject({ message: 'the application failed: GET /page' })
    expect(exchange.failure).toMatchObject({ message: 'the secret' })
  })

  test('that know their status are answered with it, and close', () => {
    for (const status of [400, 408, 413]) {
      const { carrier } = carried(() => {
        throw Object.assign(new Error('body'), { status })
      })
      expect(carrier.status).toBe(status)
      expect(carrier.fields.join(' ')).toContain('connection close')
      expect(carrier.logged).toEqual([])
    }
  })

  test('after the head break the response off', async () => {
    const error = new Error('half-way')
    const { carrier, exchange } = carried(
      giving(
        (async function* () {
          yield 'a'
          throw error
        })(),
      ),
    )
    await turn()
    expect(carrier.events).toEqual(['head 200', 'chunk', 'break off'])
    expect([exchange.failure, exchange.whole]).toEqual([error, false])
  })

  test('of undefined count as failures', () => {
    const { carrier } = carried(() => {
      throw undefined
    })
    expect(carrier.status).toBe(500)
  })
})

/** A body that notes how it is ended. */
function noting(notes: string[], kind: 'sync' | 'async'): Body {
  const next = () => ({ done: false as const, value: 'x' })
  const body = {
    return: () => {
      notes.push('return')
      return { done: true as const, value: undefined }
    },
    close: () => void notes.push('close'),
  }
  if (kind === 'sync') {
    let given = 0
    return Object.assign(body, {
      [Symbol.iterator]: () => body,
      next: () => {
        if (given++ > 0) throw new Error('asked twice')
        return next()
      },
    }) as unknown as Body
  }
  let given = 0
  return Object.assign(body, {
    [Symbol.asyncIterator]: () => body,
    next: () => (given++ === 0 ? Promise.resolve(next()) : new Promise(() => {})),
  }) as unknown as Body
}

describe('endings', () => {
  test('a body left early: return, then close, each once, then the listeners', async () => {
    const notes: string[] = []
    const { leave } = carried((environ, startResponse) => {
      environ.server.signal.addEventListener('abort', () => notes.push('signal'))
      environ.server.onFinish((error) => notes.push(error === undefined ? 'whole' : 'broken'))
      startResponse(200, TEXT)
      return noting(notes, 'async')
    })
    await turn()
    leave()
    leave()
    await turn()
    expect(notes).toEqual(['signal', 'return', 'close', 'broken'])
  })

  test('an iterator that fails is not left a second time', async () => {
    const returned: string[] = []
    const failing = (next: () => never): object => ({ next, return: () => void returned.push('return') })
    const fail = (): never => {
      throw new Error('no more')
    }
    const rejecting = (): never => Promise.reject(new Error('no more')) as never
    carried(giving({ [Symbol.iterator]: () => failing(fail) }))
    carried(giving({ [Symbol.asyncIterator]: () => failing(rejecting) }))
    await turn()
    expect(returned).toEqual([])
  })

  test.each([Symbol.iterator, Symbol.asyncIterator])(
    'what return throws is logged and changes nothing: %s',
    async (kind) => {
      const { carrier } = carried(
        (_, startResponse) => {
          const next = (): unknown => {
            startResponse(200, TEXT)
            const result = { done: false, value: 'a' }
            return kind === Symbol.iterator ? result : Promise.resolve(result)
          }
          const cannotLeave = (): never => {
            throw new Error('cannot leave')
          }
          return { [kind]: () => ({ next, return: cannotLeave }) } as unknown as Body
        },
        // The head is there after the first pull, and no more of the body is wanted.
        { method: 'HEAD' },
      )
      await turn()
      expect(carrier.events).toEqual(['head 200', 'end'])
      expect(carrier.logged.map(({ message }) => message)).toEqual(['closing a body failed: HEAD /page'])
    },
  )

  test('a body that fails is closed once', () => {
    const notes: string[] = []
    carried(giving(noting(notes, 'sync')))
    expect(notes.filter((note) => note === 'close')).toHaveLength(1)
  })

  test('a body returned after the client left is closed, not iterated', async () => {
    const notes: string[] = []
    const { leave } = carried(async (_, startResponse) => {
      await turn()
      startResponse(200, TEXT)
      return noting(notes, 'async')
    })
    leave()
    await turn()
    await turn()
    expect(notes).toEqual(['close'])
  })

  test('the signal aborts with the reason, also when asked for later, and never after the end', async () => {
    let signal: AbortSignal | undefined
    const waiting = carried(async (environ) => {
      await turn()
      signal = environ.server.signal
      return null
    })
    waiting.leave()
    await turn()
    expect(signal?.reason).toMatchObject({ code: 'TSGI_ERR_CLIENT_GONE' })

    const over = carried((environ, startResponse) => {
      signal = environ.server.signal
      startResponse(200, TEXT)
      return 'whole'
    })
    over.leave()
    expect(signal?.aborted).toBe(false)
  })

  test('draining aborts when the host begins to stop, which is not a departure', () => {
    const { exchange, leave } = carried((environ, startResponse) => {
      environ.server.signal.addEventListener('abort', () => notes.push('gone'))
      environ.server.draining?.addEventListener('abort', () => notes.push('draining'))
      startResponse(200, TEXT)
      return noting([], 'async')
    })
    const notes: string[] = []
    exchange.drainBegan()
    exchange.drainBegan()
    expect(notes).toEqual(['draining'])
    expect(exchange.draining?.reason).toMatchObject({ name: 'AbortError', code: 'TSGI_ERR_DRAINING' })
    leave()
    expect(notes).toEqual(['draining', 'gone'])
  })

  test.each([
    ['before the head: 503', false, 'whole 503'],
    ['after the head: a response that breaks off', true, 'break off'],
  ])('an application that stops because its server does has not failed, %s', async (_how, begun, event) => {
    const { carrier, exchange } = carried(async (environ, startResponse) => {
      const { draining } = environ.server
      if (begun) {
        startResponse(200, TEXT)
        environ.server.flush()
      }
      await new Promise((resolve) => draining?.addEventListener('abort', resolve))
      throw draining?.reason
    })
    exchange.drainBegan()
    await turn()
    expect(carrier.events.at(-1)).toBe(event)
    expect(carrier.logged).toEqual([])
  })

  test('draining is aborted where the host has begun to stop, and absent where it is not notified', () => {
    const { carrier, exchange } = carried(() => new Promise(() => {}))
    carrier.draining = null
    expect(exchange.draining).toBeUndefined()
    carrier.draining = true
    expect(exchange.draining?.aborted).toBe(true)
    expect(exchange.draining).toBe(exchange.draining)
  })

  test('a client that ended its side aborts the signal and still gets the response', async () => {
    const { carrier, exchange } = carried(async (environ, startResponse) => {
      const { signal } = environ.server
      await turn()
      startResponse(200, TEXT)
      return signal.aborted ? 'to nobody, perhaps' : 'to a client'
    })
    exchange.clientEnded()
    await turn()
    await turn()
    expect([carrier.text, exchange.whole]).toEqual(['to nobody, perhaps', true])
  })

  test('an application that stops because the client ended its side has not failed', async () => {
    for (const stop of [
      (signal: AbortSignal) => signal.throwIfAborted(),
      (signal: AbortSignal) => {
        throw new Error('stopped', { cause: signal.reason })
      },
      () => undefined,
    ]) {
      const { carrier, exchange } = carried(async (environ, startResponse) => {
        const { signal } = environ.server
        await turn()
        startResponse(200, ['content-length', '5'])
        return (async function* () {
          yield 'ab'
          stop(signal)
        })()
      })
      exchange.clientEnded()
      await turn()
      await turn()
      expect(carrier.events.at(-1)).toBe('give up')
      expect(carrier.logged).toEqual([])
    }
  })

  test('what close and listeners throw is logged and changes nothing', () => {
    const { carrier } = carried((environ, startResponse) => {
      environ.server.onFinish(() => {
        throw new Error('listener')
      })
      startResponse(200, TEXT)
      return Object.assign(['a'].values(), {
        close: () => {
          throw new Error('close')
        },
      })
    })
    expect(carrier.events.at(-1)).toBe('end')
    expect(carrier.logged.map(({ error }) => (error as Error).message)).toEqual(['close', 'listener'])
  })

  test('a write after the end rejects, and is no unhandled rejection', async () => {
    let late: Promise<unknown> | undefined
    const { carrier } = carried((_, startResponse) => {
      startResponse(200, TEXT)
      return (out) => {
        void out.write('a')
        setImmediate(() => (late = Promise.resolve(out.write('b'))))
      }
    })
    await turn()
    await expect(late).rejects.toThrow()
    expect(carrier.text).toBe('a')
  })
})

describe('services', () => {
  test('trailers follow a body in pieces, and make one of a whole body', () => {
    for (const body of ['abc', ['abc'].values()]) {
      const { carrier } = carried((environ, startResponse) => {
        environ.server.trailers?.(() => ['digest', 'd'])
        startResponse(200, TEXT)
        return body
      })
      expect(carrier.events).toEqual(['head 200', 'chunk', 'end'])
      expect(carrier.trailers).toEqual(['digest', 'd'])
    }
  })

  test('trailers have no effect with a declared length, and are dropped by an error page', () => {
    const declared = carried((environ, startResponse) => {
      environ.server.trailers?.(() => ['digest', 'd'])
      startResponse(200, ['content-length', '1'])
      return ['a'].values()
    }).carrier
    expect([declared.events.at(-1), declared.trailers]).toEqual(['end', null])
    const failed = carried((environ) => {
      environ.server.trailers?.(() => ['digest', 'd'])
      throw new Error('failed')
    }).carrier
    expect([failed.status, failed.trailers]).toEqual([500, null])
  })

  test('a trailer that may not be one breaks the response off', () => {
    const { carrier } = carried((environ, startResponse) => {
      environ.server.trailers?.(() => ['set-cookie', 'a=1'])
      startResponse(200, TEXT)
      return ['a'].values()
    })
    expect(carrier.events).toEqual(['head 200', 'chunk', 'break off'])
    expect(carrier.logged[0]?.error).toMatchObject({ code: 'TSGI_ERR_FIELD' })
  })

  test('early hints go out before the head only', () => {
    const { carrier } = carried((environ, startResponse) => {
      environ.server.earlyHints?.(['link', '</a>'])
      startResponse(200, TEXT)
      environ.server.flush()
      environ.server.earlyHints?.(['link', '</b>'])
      expect(() => environ.server.earlyHints?.(['Link', 'x'])).toThrow('lower case')
      return null
    })
    expect(carrier.events).toEqual(['103 link </a>', 'head 200', 'flush', 'end'])
  })

  test('an absent service is absent', () => {
    const seen: string[][] = []
    for (const services of ['basic', 'full', 'upgrade'] as const) {
      carried(
        ({ server }, startResponse) => {
          seen.push((['earlyHints', 'trailers', 'upgrade'] as const).filter((name) => server[name] !== undefined))
          startResponse(204, [])
          return null
        },
        { services },
      )
    }
    expect(seen).toEqual([[], ['earlyHints', 'trailers'], ['earlyHints', 'trailers', 'upgrade']])
  })

  test('upgrade hands the connection over', () => {
    const run = (): void => {}
    const { carrier, exchange } = carried((environ) => environ.server.upgrade?.('echo', ['x-a', '1'], run) as null, {
      services: 'upgrade',
      upgrade: ['echo'],
    })
    expect([carrier.events, carrier.run, exchange.status]).toEqual([['upgrade echo x-a 1'], run, 101])
  })

  test('upgrade refuses what was not asked for, and a call after startResponse', () => {
    const asked = { services: 'upgrade', upgrade: ['echo'] } as const
    const other = carried((environ) => environ.server.upgrade?.('other', [], () => {}) as null, asked)
    expect(other.carrier.status).toBe(500)
    const late = carried((environ, startResponse) => {
      startResponse(200, TEXT)
      return environ.server.upgrade?.('echo', [], () => {}) as null
    }, asked)
    expect(late.carrier.status).toBe(500)
    const both = carried((environ, startResponse) => {
      environ.server.upgrade?.('echo', [], () => {})
      startResponse(200, TEXT)
      return null
    }, asked)
    expect(both.carrier.status).toBe(500)
  })
})
