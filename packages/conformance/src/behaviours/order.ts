/** In which order, how often and with what consequence: the rules of SPEC S, L, F and G that one response alone does not show. */
import type { Body, Chunk } from '@tsgi/spec'
import type { Behaviour, BehaviourApp } from '../behaviour.ts'
import type { Observe } from '../observations.ts'
import { same } from '../mismatch.ts'
import { pause, TEXT } from './apps.ts'

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code)

/** The code of what this throws; `none` where it throws nothing. */
function codeOfCall(call: () => void): string {
  try {
    call()
    return 'none'
  } catch (error) {
    return codeOf(error)
  }
}

/** Answers 500 to a body in pieces, since the fault is known before the head was sent. */
const answers500 = (id: string, title: string, clause: 'F.4' | 'L.4', app: BehaviourApp): Behaviour => ({
  id,
  title,
  clause,
  level: 1,
  app,
  async check(t) {
    same('status', (await t.request()).status, 500)
  },
})

/** The finish listener gets an error, though the client may have all that was declared. */
const counted = (id: string, title: string, declared: number, chunks: readonly string[]): Behaviour => ({
  id,
  title,
  clause: 'L.3',
  level: 1,
  app(environ, startResponse, observe) {
    environ.server.onFinish((error) => observe('finished', error === undefined ? 'whole' : codeOf(error)))
    startResponse(200, ['content-length', String(declared)])
    return chunks.values()
  },
  async check(t) {
    await (await t.connect()).send(t.text(t.path, { fields: ['Connection: close'] })).rest()
    same('what the finish listener got', (await t.observed('finished'))[0]?.detail, 'TSGI_ERR_RESPONSE')
  },
})

type Way = 'sync' | 'async'

/** A body whose iterator and whose `close` are seen. */
function seenBody(way: Way, observe: Observe, next: () => Chunk): Body {
  const iterator = {
    next: () => {
      const result = { done: false, value: next() }
      return way === 'sync' ? result : Promise.resolve(result)
    },
    return: () => {
      observe('return')
      const result = { done: true, value: undefined }
      return way === 'sync' ? result : Promise.resolve(result)
    },
  }
  const kind = way === 'sync' ? Symbol.iterator : Symbol.asyncIterator
  return { [kind]: () => iterator, close: () => observe('closed') } as unknown as Body
}

/** Leaves the iterator first, then closes the body. */
const leftInOrder = (
  id: string,
  when: string,
  level: 1 | 3,
  app: BehaviourApp,
  act: (...args: Parameters<Behaviour['check']>) => Promise<unknown>,
  order: readonly string[] = ['return', 'closed'],
): Behaviour => ({
  id: `left-${id}`,
  title: `leaves an iterator and closes its body ${when}, in this order, each once`,
  clause: 'G.3',
  level,
  app: (environ, startResponse, observe) => {
    environ.server.onFinish(() => observe('finished'))
    return app(environ, startResponse, observe)
  },
  async check(t) {
    await act(t)
    await t.observed('finished')
    const events = (await t.observed('closed')).map(({ event }) => event)
    same(
      'order',
      events.filter((event) => event === 'return' || event === 'closed'),
      order,
    )
  },
})

const WAYS: readonly Way[] = ['sync', 'async']

export const ORDER: readonly Behaviour[] = [
  {
    id: 'start-refused',
    title: 'keeps the earlier head where a call that would replace it is refused',
    clause: 'S.6',
    level: 1,
    app(_environ, startResponse) {
      startResponse(201, ['x-first', '1'])
      codeOfCall(() => startResponse(404, ['x-second', 'a\r\nb'], new Error('replaced')))
      return 'kept'
    },
    async check(t) {
      const answer = await t.request()
      same('status and field', [answer.status, answer.field('x-first')], [201, '1'])
    },
  },
  {
    id: 'start-replaced-trailers',
    title: 'drops trailers that were registered before a head is replaced',
    clause: 'S.4',
    level: 2,
    capability: 'trailers',
    app(environ, startResponse) {
      environ.server.trailers?.(() => ['x-sum', '1'])
      startResponse(200, TEXT)
      startResponse(404, TEXT, new Error('replaced'))
      return ['an ', 'error page'].values()
    },
    async check(t) {
      const answer = await t.request()
      same('body and trailers', [answer.text, answer.trailers], ['an error page', []])
    },
  },
  {
    id: 'start-after-end',
    title: 'throws from startResponse after the response has ended',
    clause: 'S.8',
    level: 1,
    app(environ, startResponse, observe) {
      environ.server.onFinish(() =>
        observe(
          'called',
          codeOfCall(() => startResponse(200, TEXT)),
        ),
      )
      startResponse(200, TEXT)
      return ''
    },
    async check(t) {
      await t.request()
      same('the code', (await t.observed('called'))[0]?.detail, 'TSGI_ERR_RESPONSE')
    },
  },
  {
    id: 'gone-start',
    title: 'lets startResponse do nothing after the client left, whatever was called before',
    clause: 'S.8',
    level: 3,
    app(environ, startResponse, observe) {
      startResponse(200, TEXT)
      return async (out) => {
        await out.write('waiting')
        await new Promise((resolve) => environ.server.signal.addEventListener('abort', resolve))
        await pause(20)
        const again = codeOfCall(() => startResponse(200, TEXT))
        const replacing = codeOfCall(() => startResponse(500, TEXT, new Error('replaced')))
        observe('called', [again, replacing])
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('waiting')
      wire.reset()
      same('what was thrown', (await t.observed('called'))[0]?.detail, ['none', 'none'])
    },
  },
  {
    id: 'cut-short-code',
    title: 'rejects a read of a body that was cut short with the code of its kind',
    clause: 'S.10',
    level: 3,
    async app(environ, startResponse, observe) {
      try {
        observe('called')
        for await (const _ of environ.input) continue
        observe('read', 'whole')
      } catch (error) {
        observe('read', codeOf(error))
      }
      startResponse(200, TEXT)
      return ''
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path, { method: 'POST', fields: ['Content-Length: 10'] }))
      wire.send('short')
      await t.observed('called')
      wire.reset()
      const read = (await t.observed('read')).find(({ event }) => event === 'read')
      same('the code', read?.detail, 'TSGI_ERR_BODY')
    },
  },
  {
    id: 'input-late',
    title: 'rejects a read after the response',
    clause: 'I.9',
    level: 1,
    app(environ, startResponse, observe) {
      environ.server.onFinish(async () => {
        try {
          observe('read', (await environ.input.read()).length)
        } catch (error) {
          observe('read', codeOf(error))
        }
      })
      startResponse(200, TEXT)
      return 'not read'
    },
    async check(t) {
      await t.request(t.path, { method: 'POST', body: 'unread' })
      same('the late read', (await t.observed('read'))[0]?.detail, 'TSGI_ERR_BODY')
    },
  },
  answers500('start-never-pulled', 'answers 500 to a chunk of a generator that called no startResponse', 'F.4', () =>
    ['no head'].values(),
  ),
  answers500('start-never-written', 'answers 500 to a write before startResponse', 'F.4', () => async (out) => {
    await out.write('no head')
  }),
  answers500('start-never-ended', 'answers 500 to a generator that ends without startResponse', 'F.4', () =>
    [].values(),
  ),
  answers500(
    'length-first-surplus',
    'answers 500 where the first chunk is longer than the declared length',
    'L.4',
    (_environ, startResponse) => {
      startResponse(200, ['content-length', '3'])
      return ['four'].values()
    },
  ),
  counted('length-surplus-told', 'counts a body beyond its declared length as broken', 2, ['ab', 'surplus']),
  counted('length-surplus-sum', 'counts the chunks of a body together against its declared length', 4, ['abc', 'abc']),
  {
    id: 'length-exact',
    title: 'counts the chunks of a body against its declared length, and keeps the connection where it is kept to',
    clause: 'L.3',
    level: 1,
    app(environ, startResponse, observe) {
      environ.server.onFinish((error) => observe('finished', error === undefined ? 'whole' : codeOf(error)))
      startResponse(200, ['content-length', '6'])
      return ['abc', 'def'].values()
    },
    async check(t) {
      const wire = await t.connect()
      same('body', (await wire.send(t.text(t.path)).response()).text, 'abcdef')
      same('the next answer', (await wire.send(t.text('/')).response()).status, 200)
      same('what the finish listener got', (await t.observed('finished'))[0]?.detail, 'whole')
    },
  },
  ...(['HEAD', 'GET'] as const).map((method): Behaviour => ({
    id: method === 'HEAD' ? 'head-length' : 'not-modified-length',
    title: `sends the length that is declared with null for ${method === 'HEAD' ? 'HEAD' : '304'}`,
    clause: 'L.6',
    level: 1,
    app(_environ, startResponse) {
      startResponse(method === 'HEAD' ? 200 : 304, ['content-length', '1000'])
      return null
    },
    async check(t) {
      const wire = await t.connect()
      const answer = await wire.send(t.text(t.path, { method })).response(method)
      const expected = [method === 'HEAD' ? 200 : 304, '1000']
      same('status and content-length', [answer.status, answer.field('content-length')], expected)
      same('the next answer', (await wire.send(t.text('/')).response()).status, 200)
    },
  })),
  {
    id: 'no-content-length',
    title: 'sends no length with 204, whatever the application declares',
    clause: 'L.7',
    level: 1,
    app(_environ, startResponse) {
      startResponse(204, ['content-length', '4'])
      return null
    },
    async check(t) {
      const wire = await t.connect()
      same('content-length', (await wire.send(t.text(t.path)).response()).field('content-length'), undefined)
      same('the next answer', (await wire.send(t.text('/')).response()).status, 200)
    },
  },
  {
    id: 'reset-content-body',
    title: 'sends nothing of a body that is given with 205',
    clause: 'L.7',
    level: 1,
    app(_environ, startResponse) {
      startResponse(205, ['content-length', '4'])
      return 'four'
    },
    async check(t) {
      const wire = await t.connect()
      const answer = await wire.send(t.text(t.path)).response()
      same('content-length and body', [answer.field('content-length'), answer.text], ['0', ''])
      same('the next answer', (await wire.send(t.text('/')).response()).status, 200)
    },
  },
  {
    id: 'head-write',
    title: 'rejects each write of a body function for HEAD once the head is there',
    clause: 'L.5',
    level: 1,
    app(_environ, startResponse, observe) {
      return async (out) => {
        startResponse(200, TEXT)
        try {
          await out.write('not wanted')
          observe('written', 'taken')
        } catch {
          observe('written', 'refused')
        }
      }
    },
    async check(t) {
      const wire = await t.connect()
      same('status', (await wire.send(t.text(t.path, { method: 'HEAD' })).response('HEAD')).status, 200)
      same('the write', (await t.observed('written'))[0]?.detail, 'refused')
    },
  },
  {
    id: 'close-error-logged',
    title: 'writes to the log what closing a body fails with',
    clause: 'F.5',
    level: 1,
    needs: 'module',
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      return Object.assign(['whole'].values(), {
        close() {
          throw new Error('this close failed')
        },
      })
    },
    async check(t) {
      await t.request()
      await t.logged('this close failed')
    },
  },
  {
    id: 'finish-error',
    title: 'calls the other finish listeners where one fails',
    clause: 'F.5',
    level: 1,
    app(environ, startResponse, observe) {
      environ.server.onFinish(() => {
        throw new Error('this listener failed')
      })
      environ.server.onFinish(() => observe('second'))
      startResponse(200, TEXT)
      return 'whole'
    },
    async check(t) {
      same('body', (await t.request()).text, 'whole')
      await t.observed('second')
      same('the next answer', (await t.request('/')).status, 200)
    },
  },
  {
    id: 'finish-once',
    title: 'calls a finish listener once, with the error where the response failed',
    clause: 'G.7',
    level: 1,
    app(environ, startResponse, observe) {
      environ.server.onFinish((error) => observe('finished', (error as Error | undefined)?.message))
      startResponse(200, TEXT)
      throw new Error('planned')
    },
    async check(t) {
      same('status', (await t.request()).status, 500)
      await t.observed('finished')
      await t.request('/')
      same(
        'calls',
        t.seen().map(({ event, detail }) => [event, detail]),
        [['finished', 'planned']],
      )
    },
  },
  ...WAYS.flatMap((way): Behaviour[] => [
    leftInOrder(
      `failure-${way}`,
      `after a bad chunk (${way})`,
      1,
      (_environ, startResponse, observe) => {
        startResponse(200, TEXT)
        return seenBody(way, observe, () => 42 as unknown as Chunk)
      },
      async (t) => await t.request(),
    ),
    leftInOrder(
      `head-${way}`,
      `where HEAD has its head (${way})`,
      1,
      (_environ, startResponse, observe) =>
        seenBody(way, observe, () => {
          startResponse(200, TEXT)
          return 'not wanted'
        }),
      async (t) => await t.request(t.path, { method: 'HEAD' }),
    ),
    leftInOrder(
      `gone-${way}`,
      `when the client left (${way})`,
      3,
      (_environ, startResponse, observe) => {
        startResponse(200, TEXT)
        return seenBody(way, observe, () => new Uint8Array(65_536))
      },
      async (t) => {
        const wire = (await t.connect()).send(t.text(t.path))
        await wire.contains('\r\n\r\n')
        wire.pause()
        wire.reset()
      },
    ),
    leftInOrder(
      `failed-${way}`,
      `whose next failed, which has left by itself (${way})`,
      1,
      (_environ, startResponse, observe) => {
        startResponse(200, TEXT)
        return seenBody(way, observe, () => {
          throw new Error('no more')
        })
      },
      async (t) => await t.request(),
      ['closed'],
    ),
  ]),
]
