/** Errors of applications, and how responses end: SPEC F and G. */
import type { Environ } from '@tsgi/spec'
import type { Behaviour } from '../behaviour.ts'
import type { Observe } from '../observations.ts'
import { holds, Mismatch, same, show } from '../mismatch.ts'
import { answering, pause, TEXT } from './apps.ts'

const SECRET = 'the secret of this error'

/** 500, a stack in the log, nothing of it shown. */
const failing = (id: string, what: string, app: Behaviour['app']): Behaviour => ({
  id: `error-${id}`,
  title: `answers 500 to an error ${what}, without a word of it`,
  clause: 'F.1',
  level: 1,
  app,
  async check(t) {
    const wire = await t.connect()
    const answer = await wire.send(t.text(t.path)).response()
    same('status', answer.status, 500)
    const shown = answer.text + JSON.stringify(answer.fields)
    holds(!shown.includes(SECRET), 'nothing of the error', show(shown))
  },
})

export const FAILURES: readonly Behaviour[] = [
  failing('thrown', 'that is thrown', () => {
    throw new Error(SECRET)
  }),
  failing('rejected', 'that is rejected with', async () => {
    await pause(1)
    throw new Error(SECRET)
  }),
  failing('not-an-error', 'that is no Error', () => {
    throw SECRET as unknown as Error
  }),
  failing('first-pull', 'in the first pull of a body', (_environ, startResponse) => {
    startResponse(200, TEXT)
    return (async function* () {
      await pause(1)
      if (startResponse !== undefined) throw new Error(SECRET)
      yield ''
    })()
  }),
  failing('in-function', 'of a body function before it wrote', (_environ, startResponse) => {
    startResponse(200, TEXT)
    return () => Promise.reject(new Error(SECRET))
  }),
  failing('bad-chunk', 'for a chunk that is none', (_environ, startResponse) => {
    startResponse(200, TEXT)
    return [42 as unknown as string]
  }),
  failing(
    'bad-chunk-pulled',
    'for a chunk of a generator that is neither a string nor bytes',
    (_environ, startResponse) => {
      startResponse(200, TEXT)
      return (function* () {
        yield { secret: SECRET } as unknown as string
      })()
    },
  ),
  {
    id: 'error-logged',
    title: 'writes the stack of an error to the log',
    clause: 'F.1',
    level: 1,
    needs: 'module',
    app() {
      throw new Error('to be logged with its stack')
    },
    async check(t) {
      await t.request()
      const line = await t.logged('to be logged with its stack')
      holds(/\bat .+:\d+:\d+/.test(line), 'a stack', show(line))
    },
  },
  {
    id: 'error-head-forgotten',
    title: 'drops the fields of the head that an error replaces',
    clause: 'F.1',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, ['x-first', '1', 'set-cookie', 'a=1'])
      throw new Error('after the head was given')
    },
    async check(t) {
      const answer = await t.request()
      same('status', answer.status, 500)
      same(
        'fields of the head that was given up',
        [answer.field('x-first'), answer.field('set-cookie')],
        [undefined, undefined],
      )
    },
  },
  ...(['async', 'function'] as const).map((kind): Behaviour => ({
    id: `error-after-head-${kind}`,
    title: `breaks the connection without a final chunk where a body (${kind}) fails after the head`,
    clause: 'F.2',
    level: 1,
    hint: 'the error is caught and the body ended as if it were whole',
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      if (kind === 'function') {
        return async (out) => {
          await out.write('partial')
          await out.flush()
          await pause(30)
          throw new Error('half-way')
        }
      }
      return (async function* () {
        yield 'partial'
        await pause(30)
        throw new Error('half-way')
      })()
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('partial')
      let whole: string
      try {
        whole = (await wire.response()).text
      } catch (error) {
        if (error instanceof Mismatch) {
          await wire.rest()
          return
        }
        throw error
      }
      throw new Mismatch('a body that breaks off', `a complete one, ${show(whole)}`)
    },
  })),
  {
    id: 'error-elsewhere',
    title: 'lets the error of one request disturb no other',
    clause: 'F.6',
    level: 1,
    async app(environ, startResponse) {
      if (environ.queryString.includes('fail')) throw new Error('one of many')
      await pause(50)
      startResponse(200, TEXT)
      return 'fine'
    },
    async check(t) {
      const failing = t.with('fail')
      const [good, ...bad] = await Promise.all([t.request(), t.request(failing), t.request(failing)])
      same(
        'failing',
        bad.map(({ status }) => status),
        [500, 500],
      )
      same('the other', good.text, 'fine')
    },
  },
  {
    id: 'error-in-close',
    title: 'changes nothing of a response whose close fails',
    clause: 'F.5',
    level: 1,
    app(environ, startResponse, observe) {
      noteFinish(environ, observe)
      startResponse(200, TEXT)
      return {
        *[Symbol.iterator]() {
          yield 'whole'
        },
        close() {
          throw new Error('in close')
        },
      }
    },
    async check(t) {
      const wire = await t.connect()
      same('body', (await wire.send(t.text(t.path)).response()).text, 'whole')
      await t.observed('finished')
      same('the next answer', (await wire.send(t.text('/')).response()).status, 200)
    },
  },
  {
    id: 'unawaited-write',
    title: 'makes no unhandled rejection of a write that nobody waits for',
    clause: 'B.7',
    level: 3,
    app(environ, startResponse, observe) {
      startResponse(200, TEXT)
      return async (out) => {
        void out.write('first')
        await new Promise((resolve) => environ.server.signal.addEventListener('abort', resolve))
        void out.write('too late')
        await pause(10)
        observe('survived')
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('first')
      wire.reset()
      await t.observed('survived')
      same('the next answer', (await t.request('/')).status, 200)
    },
  },
]

function noteFinish(environ: Environ, observe: Observe): void {
  environ.server.onFinish((error) => observe('finished', error === undefined ? 'whole' : 'broken'))
}

/** Exactly one `closed`, and a finish listener told how it ended. */
const closedOnce = (
  id: string,
  when: string,
  ending: 'whole' | 'broken',
  app: Behaviour['app'],
  act: Behaviour['check'],
): Behaviour => ({
  id: `close-${id}`,
  title: `closes a body exactly once ${when}`,
  clause: 'G.1',
  level: 1,
  app,
  async check(t) {
    await act(t)
    const seen = await t.observed('finished')
    same('calls of close', seen.filter(({ event }) => event === 'closed').length, 1)
    same(
      'what the finish listener was told',
      seen.filter(({ event }) => event === 'finished').map(({ detail }) => detail),
      [ending],
    )
  },
})

const closable =
  (chunks: (wait: Promise<void>) => AsyncGenerator<string>): NonNullable<Behaviour['app']> =>
  (environ, startResponse, observe) => {
    noteFinish(environ, observe)
    startResponse(200, TEXT)
    const left = new Promise<void>((resolve) => environ.server.signal.addEventListener('abort', () => resolve()))
    const iterator = chunks(left)
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => iterator.next(),
        return: async () => {
          observe('return')
          return { done: true, value: undefined }
        },
      }),
      close: () => observe('closed'),
    }
  }

export const ENDINGS: readonly Behaviour[] = [
  closedOnce(
    'at-end',
    'after its end',
    'whole',
    closable(async function* () {
      yield 'a'
    }),
    async (t) => {
      same('body', (await t.request()).text, 'a')
    },
  ),
  closedOnce(
    'after-error',
    'after an error',
    'broken',
    closable(async function* () {
      yield 'a'
      await pause(20)
      throw new Error('half-way')
    }),
    async (t) => {
      await (await t.connect()).send(t.text(t.path)).rest()
    },
  ),
  closedOnce(
    'client-gone',
    'when the client left',
    'broken',
    closable(async function* (left) {
      yield 'waiting'
      await left
    }),
    async (t) => {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('waiting')
      wire.reset()
    },
  ),
  closedOnce(
    'head',
    'that was not iterated, for HEAD',
    'whole',
    closable(async function* () {
      yield 'a'
    }),
    async (t) => {
      await (await t.connect()).send(t.text(t.path, { method: 'HEAD' })).response('HEAD')
    },
  ),
  {
    id: 'close-dispose',
    title: 'closes a body without close by its Symbol.asyncDispose',
    clause: 'G.2',
    level: 1,
    app(_environ, startResponse, observe) {
      startResponse(200, TEXT)
      return {
        *[Symbol.iterator]() {
          yield 'a'
        },
        [Symbol.asyncDispose]: async () => observe('disposed'),
      }
    },
    async check(t) {
      await t.request()
      await t.observed('disposed')
    },
  },
  {
    id: 'gone-return',
    title: "calls the iterator's return when the client left",
    clause: 'G.3',
    level: 3,
    app: closable(async function* (left) {
      yield 'waiting'
      await left
      await new Promise(() => {})
    }),
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('waiting')
      wire.reset()
      await t.observed('return')
      await t.observed('closed')
    },
  },
  {
    id: 'left-order',
    title: 'leaves the iterator before it closes the body, each once',
    clause: 'G.3',
    level: 3,
    app: closable(async function* (left) {
      yield 'waiting'
      await left
      await new Promise(() => {})
    }),
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('waiting')
      wire.reset()
      await t.observed('finished')
      const events = (await t.observed('closed')).map(({ event }) => event)
      same(
        'order',
        events.filter((event) => event === 'return' || event === 'closed'),
        ['return', 'closed'],
      )
    },
  },
  {
    id: 'gone-code',
    title: 'gives the reason of signal, and a write to a client that is gone, the code of a departure',
    clause: 'S.10',
    level: 3,
    app(environ, startResponse, observe) {
      startResponse(200, TEXT)
      const { signal } = environ.server
      return async (out) => {
        await out.write('waiting')
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        observe(`signal ${(signal.reason as { code?: unknown }).code}`)
        while (true) {
          try {
            await out.write('more')
            await pause(5)
          } catch (error) {
            observe(`write ${(error as { code?: unknown }).code}`)
            return
          }
        }
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('waiting')
      wire.reset()
      await t.observed('signal TSGI_ERR_CLIENT_GONE')
      await t.observed('write TSGI_ERR_CLIENT_GONE')
    },
  },
  {
    id: 'gone-signal',
    title: 'aborts signal when the client leaves before the response is complete',
    clause: 'U.7',
    level: 3,
    hint: 'nobody listens for the end of the connection while the application works',
    app(environ, startResponse, observe) {
      observe('called')
      environ.server.signal.addEventListener('abort', () => observe('aborted', environ.server.signal.reason?.name))
      return new Promise((resolve) => {
        environ.server.signal.addEventListener('abort', () => {
          startResponse(200, TEXT)
          resolve('nobody')
        })
      })
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await t.observed('called')
      wire.reset()
      const reason = (await t.observed('aborted')).find(({ event }) => event === 'aborted')
      same('the name of the reason', reason?.detail, 'AbortError')
    },
  },
  {
    id: 'signal-after-end',
    title: 'never aborts signal after the response was complete',
    clause: 'U.7',
    level: 1,
    app(environ, startResponse, observe) {
      environ.server.signal.addEventListener('abort', () => observe('aborted'))
      noteFinish(environ, observe)
      startResponse(200, TEXT)
      return 'done'
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.response()
      await t.observed('finished')
      wire.reset()
      await t.request('/')
      same('abortions', t.seen().filter(({ event }) => event === 'aborted').length, 0)
    },
  },
  {
    id: 'gone-too-late',
    title: 'closes, and does not iterate, a body that is given back after the client left',
    clause: 'G.6',
    level: 3,
    app(environ, startResponse, observe) {
      observe('called')
      return new Promise((resolve) => {
        environ.server.signal.addEventListener('abort', () => {
          startResponse(200, TEXT)
          const body = {
            *[Symbol.iterator]() {
              observe('iterated')
              yield ''
            },
            close: () => observe('closed'),
          }
          setTimeout(() => resolve(body), 10)
        })
      })
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await t.observed('called')
      wire.reset()
      same('iterations', (await t.observed('closed')).filter(({ event }) => event === 'iterated').length, 0)
    },
  },
  {
    id: 'half-close',
    title: 'answers a client that ended its side',
    clause: 'G.4',
    level: 2,
    capability: 'half-close',
    hint: "the socket is destroyed on 'end'",
    async app(_environ, startResponse) {
      await pause(50)
      startResponse(200, TEXT)
      return 'delivered'
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path)).end()
      same('body', (await wire.response()).text, 'delivered')
    },
  },
  {
    id: 'half-close-signal',
    title: 'aborts signal when the client ends its side, and answers it all the same',
    clause: 'G.5',
    level: 3,
    capability: 'half-close',
    hint: 'the EOF is not read, or read as nothing, while the application works',
    app(environ, startResponse, observe) {
      observe('called')
      return new Promise((resolve) => {
        environ.server.signal.addEventListener('abort', () => {
          startResponse(200, TEXT)
          resolve(String(environ.server.signal.reason?.name))
        })
      })
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await t.observed('called')
      wire.end()
      same('the name of the reason', (await wire.response()).text, 'AbortError')
    },
  },
  {
    id: 'half-close-body',
    title: 'does not close a body for a client that only ended its side',
    clause: 'G.5',
    level: 3,
    capability: 'half-close',
    app: closable(async function* (left) {
      yield 'waiting, '
      await left
      await pause(20)
      yield 'delivered'
    }),
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('waiting')
      wire.end()
      same('body', (await wire.response()).text, 'waiting, delivered')
      const seen = await t.observed('finished')
      same('the events', seen.map(({ event }) => event).join(), 'closed,finished')
    },
  },
  {
    id: 'finish-late',
    title: 'calls at once a finish listener that is registered after the end',
    clause: 'G.7',
    level: 1,
    app(environ, startResponse, observe) {
      environ.server.onFinish(() => environ.server.onFinish(() => observe('late')))
      startResponse(200, TEXT)
      return ''
    },
    async check(t) {
      await t.request()
      await t.observed('late')
    },
  },
  {
    id: 'gone-others',
    title: 'goes on when twenty clients leave at once',
    clause: 'F.6',
    level: 3,
    app: answering('x'.repeat(500_000)),
    async check(t) {
      const wires = await Promise.all(Array.from({ length: 20 }, () => t.connect()))
      for (const wire of wires) wire.send(t.text(t.path)).reset()
      same('the next answer', (await t.request()).body.length, 500_000)
    },
  },
]
