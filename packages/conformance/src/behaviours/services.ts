/** What the server offers besides the call: SPEC U and M. */
import type { Behaviour } from '../behaviour.ts'
import { holds, same, show } from '../mismatch.ts'
import { LIFESPAN } from '../lifespan.ts'
import { member, pause, TEXT } from './apps.ts'

const UPGRADE = ['Connection: Upgrade', 'Upgrade: echo, chat/1']

export const SERVICES: readonly Behaviour[] = [
  {
    id: 'context-name',
    title: 'names itself and its version',
    clause: 'U.1',
    level: 1,
    app: member((environ) => environ.server.name),
    async check(t) {
      const name = JSON.parse((await t.request()).text) as string
      holds(/^[^/\s]+\/\S+/.test(name), 'a name such as "server/1.0.0"', show(name))
    },
  },
  {
    id: 'flush',
    title: 'sends at a flush what a generator has given',
    clause: 'U.2',
    level: 1,
    app(environ, startResponse) {
      startResponse(200, TEXT)
      return (function* () {
        yield 'flushed'
        environ.server.flush()
        yield ' rest'
      })()
    },
    async check(t) {
      same('body', (await t.request()).text, 'flushed rest')
    },
  },
  {
    id: 'flush-head',
    title: 'sends the head at a flush',
    clause: 'U.2',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, ['x-flushed', '1'])
      return async (out) => {
        await out.flush()
        await pause(300)
        await out.write('body')
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('\r\n\r\n')
      const early = wire.pending.toString('latin1')
      holds(!early.includes('body'), 'the head before the body is made', show(early))
      same('body', (await wire.response()).text, 'body')
    },
  },
  {
    id: 'early-hints',
    title: 'sends 103 Early Hints before the answer',
    clause: 'U.3',
    level: 2,
    capability: 'early-hints',
    app(environ, startResponse) {
      environ.server.earlyHints?.(['link', '</a.css>; rel=preload'])
      startResponse(200, TEXT)
      return 'answer'
    },
    async check(t) {
      const answer = await t.request()
      same(
        'interim',
        answer.interim.map((one) => [one.status, one.field('link')]),
        [[103, '</a.css>; rel=preload']],
      )
      same('body', answer.text, 'answer')
    },
  },
  {
    id: 'early-hints-1.0',
    title: 'offers neither early hints nor trailers nor upgrade to HTTP/1.0',
    clause: 'U.3',
    level: 2,
    app: member((environ) => {
      const { earlyHints, trailers, upgrade } = environ.server
      return [typeof earlyHints, typeof trailers, typeof upgrade]
    }),
    async check(t) {
      const answer = await t.request(t.path, { version: 'HTTP/1.0', fields: UPGRADE })
      same('offers', JSON.parse(answer.text), ['undefined', 'undefined', 'undefined'])
    },
  },
  {
    id: 'trailers',
    title: 'sends trailers after a chunked body',
    clause: 'U.4',
    level: 2,
    capability: 'trailers',
    app(environ, startResponse) {
      let sum = 0
      environ.server.trailers?.(() => ['x-sum', String(sum)])
      startResponse(200, TEXT)
      return (function* () {
        for (const part of ['a', 'bc']) {
          sum += part.length
          yield part
        }
      })()
    },
    async check(t) {
      const answer = await t.request()
      same('body', answer.text, 'abc')
      same('trailers', answer.trailers, [['x-sum', '3']])
    },
  },
  ...['set-cookie', 'authorization', 'content-type', 'transfer-encoding', 'host'].map((name): Behaviour => ({
    id: `trailers-${name}`,
    title: `breaks the response off where ${name} is among the trailers`,
    clause: 'U.4',
    level: 2,
    capability: 'trailers',
    hint: 'every server checks trailers, as it checks the fields of the head (SPEC U.4)',
    app(environ, startResponse) {
      environ.server.trailers?.(() => [name, 'x'])
      startResponse(200, TEXT)
      return ['some'].values()
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      const received = (await wire.rest()).toString('latin1')
      holds(!received.endsWith('0\r\n\r\n'), 'a response that breaks off', show(received))
      holds(!received.includes(`\r\n${name}: x`), `no trailer ${name}`, show(received))
    },
  })),
  {
    id: 'upgrade-unasked',
    title: 'offers upgrade only where a client asks for it',
    clause: 'U.5',
    level: 1,
    app: member((environ) => typeof environ.server.upgrade),
    async check(t) {
      same('upgrade', JSON.parse((await t.request()).text), 'undefined')
      const alone = await t.request(t.path, { fields: ['Upgrade: echo'] })
      same('upgrade, without connection: upgrade', JSON.parse(alone.text), 'undefined')
    },
  },
  {
    id: 'upgrade-with-body',
    title: 'offers no upgrade to a request with a body',
    clause: 'U.5',
    level: 1,
    app: member((environ) => typeof environ.server.upgrade),
    async check(t) {
      const answer = await t.request(t.path, { method: 'POST', fields: UPGRADE, body: 'body' })
      same('upgrade', JSON.parse(answer.text), 'undefined')
    },
  },
  {
    id: 'upgrade',
    title: 'upgrades: 101 with its fields, then bytes both ways, then a close',
    clause: 'U.6',
    level: 2,
    capability: 'upgrade',
    app(environ, startResponse) {
      if (environ.server.upgrade === undefined) {
        startResponse(200, TEXT)
        return 'no upgrade'
      }
      return environ.server.upgrade('echo', ['x-own', '1'], async (input, out) => {
        for await (const part of input) await out.write(part)
      })
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path, { fields: UPGRADE }))
      const answer = await wire.response()
      same('status', answer.status, 101)
      same(
        'fields',
        [answer.field('upgrade'), answer.field('connection')?.toLowerCase(), answer.field('x-own')],
        ['echo', 'upgrade', '1'],
      )
      await wire.send('ping').contains('ping')
      await wire.send('\x00\xff').contains('\x00\xff')
      same('all that came', (await wire.end().rest()).toString('latin1'), 'ping\x00\xff')
    },
  },
  {
    id: 'upgrade-left',
    title: 'aborts the signal, and logs no error, where the client of an upgraded connection is gone',
    clause: 'U.7',
    level: 3,
    capability: 'upgrade',
    needs: 'module',
    app(environ, startResponse, observe) {
      const { server } = environ
      if (server.upgrade === undefined) {
        startResponse(200, TEXT)
        return 'no upgrade'
      }
      server.signal.addEventListener('abort', () => observe('gone'))
      server.onFinish(() => observe('finished'))
      return server.upgrade('echo', [], async (input) => {
        for await (const _ of input);
      })
    },
    async check(t) {
      const errors = (): number => t.log.filter((line) => line.startsWith('error')).length
      const before = errors()
      const wire = (await t.connect()).send(t.text(t.path, { fields: UPGRADE }))
      same('status', (await wire.response()).status, 101)
      wire.reset()
      await t.observed('gone')
      await t.observed('finished')
      same('errors in the log', errors() - before, 0)
    },
  },
  {
    id: 'upgrade-failed',
    title: 'ends an upgraded connection whose handler fails, and logs why',
    clause: 'U.6',
    level: 2,
    capability: 'upgrade',
    needs: 'module',
    after: ['upgrade'],
    app(environ, startResponse) {
      if (environ.server.upgrade === undefined) {
        startResponse(200, TEXT)
        return 'no upgrade'
      }
      return environ.server.upgrade('echo', [], async () => {
        throw new Error('the handler gave up')
      })
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path, { fields: UPGRADE }))
      same('status', (await wire.response()).status, 101)
      await t.logged('the handler gave up')
      await wire.closed()
    },
  },
  {
    id: 'upgrade-and-body',
    title: 'answers 500 where the application upgrades, and returns a body all the same',
    clause: 'U.6',
    level: 2,
    capability: 'upgrade',
    after: ['upgrade'],
    app(environ, startResponse) {
      if (environ.server.upgrade === undefined) {
        startResponse(200, TEXT)
        return 'no upgrade'
      }
      environ.server.upgrade('echo', [], () => {})
      return 'a body'
    },
    async check(t) {
      same('status', (await t.request(t.path, { fields: UPGRADE })).status, 500)
    },
  },
  {
    id: 'upgrade-declined',
    title: 'answers in HTTP/1.1 where the application does not upgrade',
    clause: 'U.6',
    level: 2,
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      return 'plain'
    },
    async check(t) {
      const answer = await t.request(t.path, { fields: UPGRADE })
      same('status', answer.status, 200)
      same('body', answer.text, 'plain')
    },
  },
  {
    id: 'draining-stop',
    title: 'tells an application that the server begins to stop, and sends what it says then',
    clause: 'U.8',
    capability: 'draining',
    level: 3,
    isolation: 'server',
    deadline: 15_000,
    async app(environ, startResponse) {
      const { draining } = environ.server
      startResponse(200, TEXT)
      return async (out) => {
        await out.write('open, ')
        await out.flush()
        if (draining === undefined) return
        if (!draining.aborted) await new Promise((resolve) => draining.addEventListener('abort', resolve))
        const { name } = draining.reason as Error
        await out.write(`closed by ${name}`)
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path, { fields: ['Connection: close'] }))
      await wire.contains('open')
      // Longer than the deadline of the case, so that a server which waits for it fails.
      const stopped = t.stop(60_000)
      same('body', (await wire.response()).text, 'open, closed by AbortError')
      await stopped
    },
  },
  {
    id: 'draining-shared',
    title: 'has one draining for a request and its copies, which is not aborted while nothing stops',
    clause: 'U.8',
    capability: 'draining',
    level: 1,
    app: member((environ) => {
      const { draining } = environ.server
      return [draining === undefined, { ...environ }.server.draining === draining, draining?.aborted]
    }),
    async check(t) {
      same('not offered, the same, aborted', JSON.parse((await t.request()).text), [false, true, false])
    },
  },
  {
    id: 'draining-quiet',
    title: 'does not say that it stops when a client leaves',
    clause: 'U.8',
    capability: 'draining',
    level: 3,
    after: ['gone-signal'],
    app(environ, startResponse, observe) {
      const { signal, draining } = environ.server
      signal.addEventListener('abort', () => observe('gone', draining?.aborted ?? 'not offered'))
      startResponse(200, TEXT)
      return (async function* () {
        yield 'waiting'
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      })()
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('waiting')
      wire.reset()
      same('draining is aborted', (await t.observed('gone'))[0]?.detail, false)
    },
  },
  {
    id: 'draining-failure',
    title: 'answers 503, and logs no error, where an application fails with the reason of draining',
    clause: 'F.7',
    capability: 'draining',
    level: 3,
    isolation: 'server',
    needs: 'module',
    deadline: 15_000,
    async app(environ, _startResponse, observe) {
      const { draining } = environ.server
      observe('waiting')
      if (draining === undefined) throw new Error('draining is not offered')
      await new Promise((resolve) => draining.addEventListener('abort', resolve))
      throw new Error('stopped', { cause: draining.reason })
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await t.observed('waiting')
      const stopped = t.stop(60_000)
      same('status', (await wire.response()).status, 503)
      wire.close()
      await stopped
      same('errors in the log', t.log.filter((line) => line.startsWith('error')).length, 0)
    },
  },
  {
    id: 'startup-first',
    title: 'runs startup once in a process, before its first request',
    clause: 'M.1',
    level: 1,
    needs: 'module',
    app: member(() => process.pid),
    async check(t) {
      const pid = JSON.parse((await t.request()).text) as number
      const startups = t.seen(LIFESPAN).filter((one) => one.event === 'startup' && one.pid === pid)
      same('startups in the process that answered', startups.length, 1)
    },
  },
  {
    id: 'shutdown-last',
    title: 'finishes what is in flight, takes no more, and runs shutdown last',
    clause: 'M.2',
    level: 3,
    isolation: 'server',
    deadline: 15_000,
    async app(environ, startResponse, observe) {
      observe('called', process.pid)
      environ.server.onFinish(() => observe('finished'))
      await pause(300)
      startResponse(200, TEXT)
      return 'finished'
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      const pid = (await t.observed('called'))[0]?.detail
      const stopped = t.stop(10_000)
      same('body', (await wire.response()).text, 'finished')
      await stopped
      const shutdowns = t.seen(LIFESPAN).filter((one) => one.event === 'shutdown' && one.pid === pid)
      same('shutdowns in the process that answered', shutdowns.length, 1)
      same('finish listeners', t.seen().filter(({ event }) => event === 'finished').length, 1)
      let refused = false
      await t.connect().catch(() => (refused = true))
      holds(refused, 'new connections to be refused', 'one was accepted')
    },
  },
  {
    id: 'stop-cuts-off',
    title: 'cuts off at the graceful limit, without a final chunk',
    clause: 'F.2',
    level: 3,
    isolation: 'server',
    deadline: 15_000,
    app(environ, startResponse) {
      startResponse(200, TEXT)
      return (async function* () {
        yield 'waiting'
        await new Promise((resolve) => environ.server.signal.addEventListener('abort', resolve))
      })()
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('waiting')
      await t.stop(200)
      const rest = (await wire.rest()).toString('latin1')
      holds(!rest.endsWith('0\r\n\r\n'), 'a body that breaks off', show(rest))
    },
  },
]
