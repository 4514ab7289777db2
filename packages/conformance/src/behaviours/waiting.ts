/** Bodies that wait, writes that nobody takes any more, and services that are called too early or too late: SPEC B, F and U. */
import type { Body } from '@tsgi/spec'
import type { Behaviour } from '../behaviour.ts'
import { holds, same, show } from '../mismatch.ts'
import { pause, TEXT } from './apps.ts'

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code)

const PIECE = new Uint8Array(65_536)
/** 100 MiB in pieces: more than the kernel's buffers on the loopback hold. */
const PIECES = 1600

export const WAITING: readonly Behaviour[] = [
  {
    id: 'body-both',
    title: 'takes a body that can be iterated both ways asynchronously',
    clause: 'B.2',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      return {
        *[Symbol.iterator]() {
          yield 'at once'
        },
        async *[Symbol.asyncIterator]() {
          yield 'in time'
        },
      } as Body
    },
    async check(t) {
      same('body', (await t.request()).text, 'in time')
    },
  },
  ...(['sync', 'written'] as const).map((kind): Behaviour => ({
    id: `backpressure-${kind}`,
    title:
      kind === 'sync'
        ? 'pulls a synchronous iterable no faster than the client takes'
        : 'lets a function that waits write no faster than the client takes',
    clause: kind === 'sync' ? 'B.5' : 'B.7',
    level: 1,
    deadline: 15_000,
    app(_environ, startResponse, observe) {
      startResponse(200, TEXT)
      let given = 0
      const lookLater = (): void => void setTimeout(() => observe('given', given), 700).unref()
      if (kind === 'written') {
        return async (out) => {
          lookLater()
          for (; given < PIECES; given++) await out.write(PIECE)
        }
      }
      return {
        *[Symbol.iterator]() {
          lookLater()
          for (; given < PIECES; given++) yield PIECE
        },
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('\r\n\r\n')
      wire.pause()
      const given = (await t.observed('given'))[0]?.detail as number
      holds(given < PIECES / 2, 'less than half of a body that its client does not read', `${given} pieces`)
    },
  })),
  {
    id: 'stream-written',
    title: 'sends what a function wrote before it waits',
    clause: 'B.8',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      return async (out) => {
        // Not in the turn in which it was called: what is gathered then leaves with the head.
        await pause(20)
        void out.write('first')
        await pause(500)
        void out.write(', rest')
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('first')
      const early = wire.pending.toString('latin1')
      holds(!early.includes('rest'), 'the first piece by itself', show(early))
      same('body', (await wire.response()).text, 'first, rest')
    },
  },
  {
    id: 'write-after-end',
    title: 'rejects a write after the body has ended, and sends nothing of it',
    clause: 'B.6',
    level: 1,
    app(environ, startResponse, observe) {
      startResponse(200, TEXT)
      return (out) => {
        environ.server.onFinish(async () => {
          try {
            await out.write('too late')
            observe('written', 'taken')
          } catch {
            observe('written', 'refused')
          }
        })
        void out.write('whole')
      }
    },
    async check(t) {
      const wire = await t.connect()
      same('body', (await wire.send(t.text(t.path)).response()).text, 'whole')
      same('the late write', (await t.observed('written'))[0]?.detail, 'refused')
      same('the next answer', (await wire.send(t.text('/')).response()).status, 200)
    },
  },
  {
    id: 'gone-write',
    title: 'rejects a write that waits for room when the client leaves',
    clause: 'G.5',
    level: 3,
    deadline: 15_000,
    app(_environ, startResponse, observe) {
      startResponse(200, TEXT)
      return async (out) => {
        for (;;) {
          const room = out.write(PIECE)
          if (room === undefined) continue
          observe('waits')
          try {
            await room
          } catch (error) {
            observe('rejected', codeOf(error))
            return
          }
        }
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('\r\n\r\n')
      wire.pause()
      // A promise may be for a turn only; this is one that lasts.
      await t.observed('waits')
      await pause(200)
      wire.reset()
      const rejected = (await t.observed('rejected')).find(({ event }) => event === 'rejected')
      same('the code', rejected?.detail, 'TSGI_ERR_CLIENT_GONE')
    },
  },
  {
    id: 'half-close-stops',
    title: 'logs nothing of an application that stops because its client ended its side, and answers nothing',
    clause: 'F.7',
    level: 3,
    capability: 'half-close',
    needs: 'module',
    app(environ, _startResponse, observe) {
      const { signal } = environ.server
      environ.server.onFinish((error) => observe('finished', error === undefined ? 'whole' : 'broken'))
      observe('called')
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () =>
          reject(new Error('the work of half-close-stops was given up', { cause: signal.reason })),
        )
      })
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await t.observed('called')
      wire.end()
      same('all that was received', (await wire.rest()).toString('latin1'), '')
      const finished = (await t.observed('finished')).find(({ event }) => event === 'finished')
      same('what the finish listener got', finished?.detail, 'broken')
      same('lines of the log', t.log.filter((line) => line.includes('half-close-stops')).length, 0)
    },
  },
  {
    id: 'flush-early',
    title: 'does nothing at a flush before startResponse',
    clause: 'U.2',
    level: 1,
    app(environ, startResponse) {
      environ.server.flush()
      startResponse(201, TEXT)
      return 'after a flush'
    },
    async check(t) {
      const answer = await t.request()
      same('status and body', [answer.status, answer.text], [201, 'after a flush'])
    },
  },
  {
    id: 'early-hints-late',
    title: 'sends no early hints after the head',
    clause: 'U.3',
    level: 2,
    capability: 'early-hints',
    app(environ, startResponse) {
      startResponse(200, TEXT)
      environ.server.flush()
      environ.server.earlyHints?.(['link', '</late.css>; rel=preload'])
      return 'answer'
    },
    async check(t) {
      const answer = await t.request()
      same('interim and body', [answer.interim.length, answer.text], [0, 'answer'])
    },
  },
  {
    id: 'trailers-length',
    title: 'sends no trailers where the application declares a length',
    clause: 'U.4',
    level: 2,
    capability: 'trailers',
    app(environ, startResponse, observe) {
      environ.server.trailers?.(() => {
        observe('produced')
        return ['x-sum', '1']
      })
      startResponse(200, ['content-length', '3'])
      return ['abc'].values()
    },
    async check(t) {
      const answer = await t.request()
      same('body and trailers', [answer.text, answer.trailers], ['abc', []])
      await t.request('/')
      same('calls for trailers', t.seen().length, 0)
    },
  },
  ...([false, true] as const).map((late): Behaviour => ({
    id: late ? 'upgrade-late' : 'upgrade-other',
    title: `throws from upgrade ${late ? 'after startResponse' : 'to a protocol that the client did not ask for'}`,
    clause: 'U.6',
    level: 2,
    capability: 'upgrade',
    app(environ, startResponse) {
      if (late) startResponse(200, TEXT)
      let code = 'none'
      try {
        environ.server.upgrade?.(late ? 'echo' : 'other', [], () => {})
      } catch (error) {
        code = codeOf(error)
      }
      if (!late) startResponse(200, TEXT)
      return code
    },
    async check(t) {
      const fields = ['Connection: Upgrade', 'Upgrade: echo, chat/1']
      const answer = await t.request(t.path, { fields })
      same('status and code', [answer.status, answer.text], [200, 'TSGI_ERR_RESPONSE'])
    },
  })),
]
