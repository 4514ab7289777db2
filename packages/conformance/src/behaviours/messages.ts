/** Any HTTP/1.1 server: several messages on a connection, HEAD, dates, time limits. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Behaviour } from '../behaviour.ts'
import { holds, same, show, withForce } from '../mismatch.ts'
import { pause, TEXT } from './apps.ts'

const DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/

const context = new AsyncLocalStorage<string>()

export const MESSAGES: readonly Behaviour[] = [
  {
    id: 'keep-alive',
    title: 'answers several requests on one connection',
    clause: 'RFC 9112 §9.3',
    force: 'should',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      const first = await wire.send(t.text('/')).response()
      for (let i = 0; i < 5; i++) same('status', (await wire.send(t.text('/')).response()).status, first.status)
    },
  },
  {
    id: 'close-wanted',
    title: 'closes after the answer where the client asks for it, and reads no further',
    clause: 'RFC 9112 §9.6',
    force: 'must',
    level: 2,
    async check(t) {
      const wire = (await t.connect()).send(t.text('/', { fields: ['Connection: close'] }) + t.text('/'))
      const answer = await wire.response()
      await wire.closed()
      // To close is a MUST, to say so a SHOULD.
      withForce('should', () => same('connection', answer.field('connection')?.toLowerCase(), 'close'))
    },
  },
  {
    id: 'close-in-list',
    title: 'finds close in a list, in any case',
    clause: 'RFC 9110 §7.6.1',
    force: 'must',
    level: 2,
    async check(t) {
      const wire = (await t.connect()).send(t.text('/', { fields: ['Connection: foo, CLOSE'] }))
      await wire.response()
      await wire.closed()
    },
  },
  {
    id: 'http-1.0-closes',
    title: 'closes after an answer to HTTP/1.0',
    clause: 'RFC 9112 §9.3',
    force: 'must',
    level: 2,
    capability: 'http-1.0',
    async check(t) {
      const wire = (await t.connect()).send(t.text('/', { version: 'HTTP/1.0' }))
      await wire.response()
      await wire.closed()
    },
  },
  {
    id: 'http-1.0-keep-alive',
    title: 'keeps the connection of HTTP/1.0 where the client asks for it, and says so',
    clause: 'RFC 9112 §9.3',
    // To keep such a connection is free.
    force: 'ours',
    level: 2,
    capability: 'http-1.0',
    async check(t) {
      const ask = t.text('/', { version: 'HTTP/1.0', fields: ['Connection: keep-alive'] })
      const wire = (await t.connect()).send(ask)
      const first = await wire.response()
      if (first.framing === 'close') return
      same('connection', first.field('connection')?.toLowerCase(), 'keep-alive')
      same('status of the second', (await wire.send(ask).response()).status, first.status)
    },
  },
  {
    id: 'version-answered',
    title: 'answers with its own version, HTTP/1.1',
    clause: 'RFC 9110 §6.2',
    force: 'should',
    level: 2,
    async check(t) {
      same('version', (await t.request('/')).version, 'HTTP/1.1')
    },
  },
  {
    id: 'version-minor',
    title: 'serves a later minor version, HTTP/1.2',
    clause: 'RFC 9110 §6.2',
    force: 'should',
    level: 2,
    async check(t) {
      const plain = await t.request('/')
      same('status', (await t.request('/', { version: 'HTTP/1.2' })).status, plain.status)
    },
  },
  {
    id: 'empty-line-first',
    title: 'ignores one empty line before a request line',
    clause: 'RFC 9112 §2.2',
    force: 'should',
    level: 2,
    async check(t) {
      const plain = await t.request('/')
      const wire = (await t.connect()).send(`\r\n${t.text('/')}`)
      same('status', (await wire.response()).status, plain.status)
    },
  },
  {
    id: 'pipelined',
    title: 'answers ten pipelined requests, in one piece and cut anywhere',
    clause: 'RFC 9112 §9.3.2',
    // A server may close between two answers, as one without keep-alive does.
    force: 'should',
    level: 2,
    async check(t) {
      const plain = await t.request('/')
      const wire = await t.connect()
      const text = t.text('/').repeat(10)
      for (let at = 0; at < text.length; at += 37) wire.send(text.slice(at, at + 37))
      for (let i = 0; i < 10; i++) same('status', (await wire.response()).status, plain.status)
    },
  },
  {
    id: 'pipelined-order',
    title: 'answers pipelined requests in their order, however long each takes',
    clause: 'RFC 9112 §9.3.2',
    force: 'must',
    level: 2,
    async app(environ, startResponse) {
      const query = new URLSearchParams(environ.queryString)
      await pause(Number(query.get('ms')))
      startResponse(200, TEXT)
      return query.get('name')
    },
    async check(t) {
      const wire = await t.connect()
      wire.send([60, 0, 30, 0].map((ms, name) => t.text(t.with(`ms=${ms}&name=${name}`))).join(''))
      for (let name = 0; name < 4; name++) same('answer', (await wire.response()).text, String(name))
    },
  },
  {
    id: 'async-context',
    title: 'lets no request of a connection see the asynchronous context that another entered',
    clause: 'C.6',
    level: 1,
    hint: 'the next request of a pipeline begins in the call of the one before it',
    app(_environ, startResponse) {
      const entered = context.getStore() ?? 'nothing'
      context.enterWith('the context of another request')
      startResponse(200, TEXT)
      return entered
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path).repeat(3))
      for (let i = 0; i < 3; i++) same('context', (await wire.response()).text, 'nothing')
    },
  },
  {
    id: 'good-then-bad',
    title: 'answers the good request before garbage, then 400, then closes',
    clause: 'RFC 9112 §2.2',
    force: 'should',
    level: 3,
    async check(t) {
      const plain = await t.request('/')
      const wire = (await t.connect()).send(`${t.text('/')}garbage\r\n\r\n${t.text('/')}`)
      same('first status', (await wire.response()).status, plain.status)
      same('second status', (await wire.response()).status, 400)
      await wire.closed()
    },
  },
  {
    id: 'head-plain',
    title: 'answers HEAD as GET, without the body',
    clause: 'RFC 9110 §9.3.2',
    force: 'must',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      const get = await wire.send(t.text('/')).response()
      const head = await wire.send(t.text('/', { method: 'HEAD' })).response('HEAD')
      same('status', head.status, get.status)
      const length = head.field('content-length')
      // 9110 §8.6: that of the body which GET has, however it is framed.
      if (length !== undefined) same('content-length', length, get.field('content-length') ?? String(get.body.length))
      same('status after HEAD', (await wire.send(t.text('/')).response()).status, get.status)
    },
  },
  {
    id: 'date',
    title: 'sends a date, in the one format that is to be sent',
    clause: 'RFC 9110 §6.6.1',
    force: 'must',
    level: 2,
    async check(t) {
      const answer = await t.request('/')
      const date = answer.field('date') ?? ''
      // It is a MUST in what is neither 1xx nor 5xx.
      const force = answer.status < 500 ? 'must' : 'ours'
      withForce(force, () => holds(DATE.test(date), 'such as "Sun, 06 Nov 1994 08:49:37 GMT"', show(date)))
      const seconds = Math.abs(Date.parse(date) - Date.now()) / 1000
      // A response out of a cache is older, and a clock may be wrong.
      withForce('ours', () => holds(seconds < 5, 'the time now', `${seconds} seconds off`))
    },
  },
  {
    id: 'absolute-form',
    title: 'accepts an absolute-form target',
    clause: 'RFC 9112 §3.2.2',
    force: 'must',
    level: 2,
    async check(t) {
      const plain = await t.request('/')
      same('status', (await t.request(`http://${t.host}/`)).status, plain.status)
    },
  },
  {
    id: 'query-unescaped',
    title: 'accepts what browsers send unescaped in a query',
    clause: 'RFC 9112 §3.2',
    // The grammar has no such characters.
    force: 'ours',
    level: 2,
    async check(t) {
      const plain = await t.request('/')
      same('status', (await t.request('/?a={b}|[c]^`\\')).status, plain.status)
    },
  },
  {
    id: 'fields-hundred',
    title: 'accepts fifty fields',
    clause: 'RFC 9110 §5.4',
    force: 'ours',
    level: 2,
    async check(t) {
      const plain = await t.request('/')
      const fields = Array.from({ length: 50 }, (_, i) => `X-Field-${i}: value`)
      same('status', (await t.request('/', { fields })).status, plain.status)
    },
  },
  {
    id: 'upgrade-ignored',
    title: 'ignores an upgrade to a protocol that it does not know',
    clause: 'RFC 9110 §7.8',
    // A server MAY ignore it; it may refuse as well.
    force: 'ours',
    level: 2,
    async check(t) {
      const plain = await t.request('/')
      const fields = ['Connection: Upgrade', 'Upgrade: unheard-of/1']
      same('status', (await t.request('/', { fields })).status, plain.status)
    },
  },
  {
    id: 'slow-head',
    title: 'answers 408 and closes at a deadline, however a head dribbles in',
    clause: 'RFC 9110 §15.5.9',
    force: 'ours',
    level: 3,
    options: { timeouts: { headers: 400 } },
    hint: 'the timer starts anew with each byte',
    async check(t) {
      const wire = await t.connect()
      for (const byte of t.text('/').slice(0, -4)) {
        wire.send(byte)
        await new Promise((resolve) => setTimeout(resolve, 60))
        if (wire.received > 0) break
      }
      same('status', (await wire.response()).status, 408)
      await wire.closed()
    },
  },
  {
    id: 'idle',
    title: 'closes a connection that is idle for too long, without a word',
    clause: 'RFC 9112 §9.5',
    force: 'ours',
    level: 3,
    options: { timeouts: { keepAlive: 300 } },
    async check(t) {
      const wire = (await t.connect()).send(t.text('/'))
      await wire.response()
      await wire.closed()
    },
  },
  {
    id: 'slow-body',
    title: 'answers 408 where a body does not come in time',
    clause: 'RFC 9110 §15.5.9',
    force: 'ours',
    level: 3,
    options: { timeouts: { body: 400 } },
    async app(environ, startResponse) {
      for await (const _part of environ.input) continue
      startResponse(200, TEXT)
      return 'whole'
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path, { method: 'POST', fields: ['Content-Length: 100'] }))
      same('status', (await wire.send('a little').response()).status, 408)
      await wire.closed()
    },
  },
  {
    id: 'connections-many',
    title: 'serves a hundred connections at once',
    clause: 'F.6',
    // No RFC names a number.
    force: 'ours',
    level: 3,
    deadline: 20_000,
    async check(t) {
      const wires = await Promise.all(Array.from({ length: 100 }, () => t.connect()))
      for (const wire of wires) wire.send(t.text('/', { fields: ['Connection: close'] }))
      for (const wire of wires) holds((await wire.response()).status < 500, 'no server error', 'one')
    },
  },
]
