/** startResponse, bodies and lengths, as they come out on the wire: SPEC S, H, B and L. */
import type { Body, HeaderList } from '@tsgi/spec'
import type { Behaviour } from '../behaviour.ts'
import type { SpecClause } from '../clause.ts'
import { holds, Mismatch, same, show } from '../mismatch.ts'
import { answering, pause, TEXT, thrown } from './apps.ts'

/** A body of one kind, and what must arrive. */
const kind = (
  id: string,
  what: string,
  body: () => Body,
  arrives: string,
  framing: 'length' | 'chunked',
  clause: SpecClause = 'B.1',
): Behaviour => ({
  id: `body-${id}`,
  title: `sends ${what}, framed by ${framing === 'length' ? 'its length' : 'chunks'}`,
  clause,
  level: 1,
  app(_environ, startResponse) {
    startResponse(200, TEXT)
    return body()
  },
  async check(t) {
    const wire = await t.connect()
    // Twice: what a response has too much or too little of, the next one shows.
    for (let i = 0; i < 2; i++) {
      const answer = await wire.send(t.text(t.path)).response()
      same('body', answer.text, arrives)
      same('framing', answer.framing, framing)
    }
  },
})

function* generated(): Generator<string> {
  yield 'a'
  yield ''
  yield 'bé'
}

async function* generatedLater(): AsyncGenerator<string> {
  await pause(1)
  yield* generated()
}

/** The code of what this throws; `none` where it throws nothing. */
function codeOf(run: () => void): string {
  try {
    run()
    return 'none'
  } catch (error) {
    return String((error as { readonly code?: unknown }).code)
  }
}

/** What an application may not send: it is told where it did it, and its caught error is what it answers with. */
const refused = (
  id: string,
  what: string,
  clause: SpecClause,
  status: number,
  headers: readonly unknown[],
): Behaviour => ({
  id: `refuses-${id}`,
  title: `throws from startResponse for ${what}`,
  clause,
  level: 1,
  hint: 'every server checks, validator or not (SPEC S.6)',
  app(_environ, startResponse) {
    const message = thrown(() => startResponse(status, headers as HeaderList))
    startResponse(200, TEXT, new Error('replaced'))
    return message === 'none' ? 'taken' : 'refused'
  },
  async check(t) {
    const answer = await t.request()
    same('startResponse', answer.text, 'refused')
    same('status', answer.status, 200)
  },
})

export const RESPONSES: readonly Behaviour[] = [
  kind('null', 'null as an empty body', () => null, '', 'length', 'L.1'),
  kind('string', 'a string as UTF-8', () => 'caf\u00e9 \u20ac', 'café €', 'length', 'L.1'),
  kind('empty-string', 'an empty string', () => '', '', 'length'),
  kind('bytes', 'bytes', () => new TextEncoder().encode('bytes'), 'bytes', 'length'),
  kind('array', 'an array', () => ['a', new TextEncoder().encode('b'), 'é'], 'abé', 'length', 'L.1'),
  kind('iterable', 'a generator', generated, 'abé', 'chunked', 'L.2'),
  kind('set', 'an iterable that is no array', () => new Set(['x', 'y']), 'xy', 'chunked'),
  kind('async', 'an asynchronous generator', generatedLater, 'abé', 'chunked', 'L.2'),
  kind(
    'function',
    'what a function writes',
    () => async (out) => {
      await out.write('a')
      await pause(1)
      await out.write('b')
    },
    'ab',
    'chunked',
    'B.6',
  ),
  kind('large', 'a string of a megabyte', () => 'x'.repeat(1_000_000), 'x'.repeat(1_000_000), 'length'),
  {
    id: 'body-promise',
    title: 'takes a promise of a body',
    clause: 'C.1',
    level: 1,
    async app(_environ, startResponse) {
      await pause(1)
      startResponse(201, TEXT)
      return 'later'
    },
    async check(t) {
      const answer = await t.request()
      same('status', answer.status, 201)
      same('body', answer.text, 'later')
    },
  },
  {
    id: 'body-undefined',
    title: 'answers 500 to an application that gives undefined',
    clause: 'B.1',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      return undefined as unknown as Body
    },
    async check(t) {
      same('status', (await t.request()).status, 500)
    },
  },
]

export const HEADS: readonly Behaviour[] = [
  refused('status-100', 'a status of 100', 'S.1', 100, []),
  refused('status-600', 'a status of 600', 'S.1', 600, []),
  refused('status-fraction', 'a status that is no integer', 'S.1', 200.5, []),
  refused('odd-list', 'a list of odd length', 'H.1', 200, ['a']),
  refused('upper-case', 'a name in upper case', 'H.2', 200, ['Content-Type', 'text/plain']),
  refused('name-colon', 'a name that is no token', 'H.2', 200, ['a:b', 'c']),
  refused('crlf', 'CR and LF in a value', 'H.3', 200, ['a', 'b\r\nset-cookie: evil=1']),
  refused('lf', 'LF in a value', 'H.3', 200, ['a', 'b\nc']),
  refused('nul', 'NUL in a value', 'H.3', 200, ['a', 'b\0c']),
  refused('wide', 'a character over 0xFF in a value', 'H.3', 200, ['a', '€']),
  refused('space-before', 'a value that begins with a space', 'H.3', 200, ['a', ' b']),
  refused('space-after', 'a value that ends with a space', 'H.3', 200, ['a', 'b ']),
  refused('tab-after', 'a value that ends with a tab', 'H.3', 200, ['a', 'b\t']),
  refused('transfer-encoding', 'transfer-encoding', 'H.6', 200, ['transfer-encoding', 'chunked']),
  refused('keep-alive', 'keep-alive', 'H.6', 200, ['keep-alive', 'timeout=5']),
  refused('connection', 'connection: keep-alive', 'H.6', 200, ['connection', 'keep-alive']),
  refused('upgrade', 'upgrade without 426', 'H.6', 200, ['upgrade', 'websocket']),
  refused('length-twice', 'two content-lengths', 'L.3', 200, ['content-length', '2', 'content-length', '2']),
  {
    id: 'length-padded',
    title: 'takes a content-length with leading zeros, and sends it without them',
    clause: 'L.3',
    level: 2,
    app(_environ, startResponse) {
      startResponse(200, [...TEXT, 'content-length', '0005'])
      return 'hello'
    },
    async check(t) {
      const answer = await t.request()
      same('content-length', answer.field('content-length'), '5')
      same('body', answer.text, 'hello')
    },
  },
  refused('length-word', 'a content-length that is no number', 'L.3', 200, ['content-length', 'two']),
  {
    id: 'refusal-code',
    title: 'gives each refusal the code of its kind',
    clause: 'S.10',
    level: 1,
    app(_environ, startResponse) {
      const codes = [
        codeOf(() => startResponse(200, ['a', 'b\r\nc: d'])),
        codeOf(() => startResponse(200, ['a', ' b'])),
        codeOf(() => startResponse(200, ['content-length', '1', 'content-length', '1'])),
        codeOf(() => startResponse(600, TEXT)),
      ]
      startResponse(200, TEXT)
      return [...codes, codeOf(() => startResponse(200, TEXT))].join(' ')
    },
    async check(t) {
      const field = 'TSGI_ERR_FIELD'
      const response = 'TSGI_ERR_RESPONSE'
      same('codes', (await t.request()).text, [field, field, field, response, response].join(' '))
    },
  },
  {
    id: 'start-twice',
    title: 'throws from a second startResponse without an error',
    clause: 'S.3',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      return thrown(() => startResponse(201, TEXT)) === 'none' ? 'taken' : 'refused'
    },
    async check(t) {
      const answer = await t.request()
      same('status', answer.status, 200)
      same('second call', answer.text, 'refused')
    },
  },
  {
    id: 'start-replaced',
    title: 'replaces the head by a call with an error, undefined too',
    clause: 'S.4',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, ['x-first', '1'])
      startResponse(503, ['content-type', 'text/plain'], undefined)
      return 'replaced'
    },
    async check(t) {
      const answer = await t.request()
      same('status', answer.status, 503)
      same('fields of the first head', answer.field('x-first'), undefined)
    },
  },
  {
    id: 'start-too-late',
    title: 'throws the error back where the head was sent',
    clause: 'S.5',
    level: 1,
    app(_environ, startResponse, observe) {
      startResponse(200, TEXT)
      return (async function* () {
        yield 'sent'
        await pause(50)
        observe(
          'rethrown',
          thrown(() => startResponse(500, TEXT, new Error('mine'))),
        )
      })()
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('sent')
      same('what startResponse threw', (await t.observed('rethrown'))[0]?.detail, 'mine')
    },
  },
  {
    id: 'head-waits',
    title: 'sends no head before the first chunk that is not empty',
    clause: 'S.2',
    level: 1,
    app(_environ, startResponse) {
      return (async function* () {
        startResponse(200, ['x-first', '1'])
        yield ''
        await pause(20)
        startResponse(418, TEXT, new Error('instead'))
        yield 'tea'
      })()
    },
    async check(t) {
      const answer = await t.request()
      same('status', answer.status, 418)
      same('body', answer.text, 'tea')
    },
  },
  {
    id: 'start-in-generator',
    title: 'pulls a generator that calls startResponse when it is pulled',
    clause: 'C.3',
    level: 1,
    app(_environ, startResponse) {
      return (function* () {
        startResponse(202, TEXT)
        yield 'pulled'
      })()
    },
    async check(t) {
      const answer = await t.request()
      same('status', answer.status, 202)
      same('body', answer.text, 'pulled')
    },
  },
  {
    id: 'start-never',
    title: 'answers 500 where startResponse was never called',
    clause: 'F.4',
    level: 1,
    app: () => 'no head',
    async check(t) {
      same('status', (await t.request()).status, 500)
    },
  },
  {
    id: 'fields-kept',
    title: 'sends the fields in their order, each repeat a line of its own',
    clause: 'H.4',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, ['set-cookie', 'a=1', 'x-b', '2', 'set-cookie', 'c=3', 'x-latin', 'caf\u00e9'])
      return ''
    },
    async check(t) {
      const { fields } = await t.request()
      const own = fields
        .map(([name, value]) => [name.toLowerCase(), value])
        .filter(([name]) => /^(set-|x-)/.test(name as string))
      same('fields', own, [
        ['set-cookie', 'a=1'],
        ['x-b', '2'],
        ['set-cookie', 'c=3'],
        ['x-latin', 'caf\u00e9'],
      ])
    },
  },
  {
    id: 'fields-added',
    title: 'adds a date and framing, and no content-type by guess',
    clause: 'H.7',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, [])
      return '<p>'
    },
    async check(t) {
      const names = (await t.request()).fields.map(([name]) => name.toLowerCase())
      const extra = names.filter(
        (name) => !['date', 'content-length', 'connection', 'keep-alive', 'server'].includes(name),
      )
      same('fields beyond date, framing and server', extra, [])
      holds(names.includes('date'), 'a date', show(names))
    },
  },
  {
    id: 'date-own',
    title: "leaves the application's own date alone",
    clause: 'H.7',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, ['date', 'Sun, 06 Nov 1994 08:49:37 GMT'])
      return ''
    },
    async check(t) {
      same('dates', (await t.request()).all('date'), ['Sun, 06 Nov 1994 08:49:37 GMT'])
    },
  },
  {
    id: 'close-asked',
    title: 'closes where the application sends connection: close',
    clause: 'H.6',
    level: 2,
    app(_environ, startResponse) {
      startResponse(200, ['connection', 'close'])
      return 'bye'
    },
    async check(t) {
      const wire = await t.connect()
      const answer = await wire.send(t.text(t.path)).response()
      same(
        'connection',
        answer.all('connection').map((value) => value.toLowerCase()),
        ['close'],
      )
      await wire.closed()
    },
  },
]

export const LENGTHS: readonly Behaviour[] = [
  {
    id: 'length-declared',
    title: 'sends a stream of declared length without chunks',
    clause: 'L.3',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, ['content-length', '4'])
      return (function* () {
        yield 'ab'
        yield 'cd'
      })()
    },
    async check(t) {
      const answer = await t.request()
      same('framing', answer.framing, 'length')
      same('body', answer.text, 'abcd')
    },
  },
  {
    id: 'length-surplus',
    title: 'sends no byte beyond the declared length',
    clause: 'L.3',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, ['content-length', '2'])
      return (async function* () {
        yield 'ab'
        await pause(20)
        yield 'surplus'
      })()
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      same('body', (await wire.response()).text, 'ab')
      const rest = (await wire.send(t.text('/')).end().rest()).toString('latin1')
      holds(!rest.includes('surplus'), 'nothing of the surplus', show(rest))
    },
  },
  {
    id: 'length-short',
    title: 'breaks the connection where a body ends before its declared length',
    clause: 'L.4',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, ['content-length', '10'])
      return (async function* () {
        yield 'short'
        await pause(20)
      })()
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('short')
      const rest = (await wire.rest()).toString('latin1')
      holds(rest.endsWith('short'), 'a connection that ends after what there was', show(rest))
    },
  },
  ...(['surplus', 'shortfall'] as const).map((what): Behaviour => ({
    id: `length-known-${what}`,
    title: `answers 500 where a string's ${what} against its declared length is known before the head`,
    clause: 'L.4',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, ['content-length', '4'])
      return what === 'surplus' ? 'abcdef' : 'ab'
    },
    async check(t) {
      same('status', (await t.request()).status, 500)
    },
  })),
  {
    id: 'head-of-string',
    title: 'answers HEAD with the length that GET would have, and no body',
    clause: 'L.5',
    level: 1,
    app: answering('twelve bytes'),
    async check(t) {
      const wire = await t.connect()
      const head = await wire.send(t.text(t.path, { method: 'HEAD' })).response('HEAD')
      same('content-length', head.field('content-length'), '12')
      same('the next answer', (await wire.send(t.text(t.path)).response()).text, 'twelve bytes')
    },
  },
  {
    id: 'head-endless',
    title: 'answers HEAD for an endless body, pulls it no further than to its head, and closes it',
    clause: 'L.5',
    level: 1,
    app(_environ, startResponse, observe) {
      let pulls = 0
      return {
        *[Symbol.iterator]() {
          startResponse(200, TEXT)
          for (;;) {
            pulls++
            yield 'x'
          }
        },
        close: () => observe('closed', pulls),
      }
    },
    async check(t) {
      const wire = await t.connect()
      same('status', (await wire.send(t.text(t.path, { method: 'HEAD' })).response('HEAD')).status, 200)
      same('pulls', (await t.observed('closed'))[0]?.detail, 1)
      same('the next answer', (await wire.send(t.text('/')).response()).status, 200)
    },
  },
  {
    id: 'head-null',
    title: 'derives no length from null for HEAD',
    clause: 'L.6',
    level: 1,
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      return null
    },
    async check(t) {
      const wire = await t.connect()
      const head = await wire.send(t.text(t.path, { method: 'HEAD' })).response('HEAD')
      same('content-length', head.field('content-length'), undefined)
    },
  },
  {
    id: 'not-modified-null',
    title: 'derives no length from null for 304, and sends no body',
    clause: 'L.6',
    level: 1,
    app(_environ, startResponse) {
      startResponse(304, ['etag', '"1"'])
      return null
    },
    async check(t) {
      const wire = await t.connect()
      const answer = await wire.send(t.text(t.path)).response()
      same('content-length', answer.field('content-length'), undefined)
      same('the next answer', (await wire.send(t.text('/')).response()).status, 200)
    },
  },
  {
    id: 'no-content',
    title: 'sends 204 without a length or a body',
    clause: 'L.7',
    level: 1,
    app(_environ, startResponse) {
      startResponse(204, [])
      return null
    },
    async check(t) {
      const wire = await t.connect()
      const answer = await wire.send(t.text(t.path)).response()
      same('status', answer.status, 204)
      same('the next answer', (await wire.send(t.text('/')).response()).status, 200)
    },
  },
  ...([204, 304] as const).map((status): Behaviour => ({
    id: `no-body-${status}`,
    title: `sends nothing of a body that came with ${status}`,
    clause: 'L.7',
    level: 1,
    app(_environ, startResponse) {
      startResponse(status, [])
      return 'not to be sent'
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path) + t.text('/', { fields: ['Connection: close'] }))
      const text = (await wire.rest()).toString('latin1')
      holds(!text.includes('not to be sent'), 'nothing of the body', show(text))
    },
  })),
  {
    id: 'reset-content',
    title: 'sends 205 with a length of 0',
    clause: 'L.7',
    level: 1,
    app(_environ, startResponse) {
      startResponse(205, [])
      return null
    },
    async check(t) {
      same('content-length', (await t.request()).field('content-length'), '0')
    },
  },
  {
    id: 'chunked-1.0',
    title: 'closes instead of chunking with HTTP/1.0',
    clause: 'L.2',
    level: 2,
    capability: 'http-1.0',
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      return generated()
    },
    async check(t) {
      const wire = await t.connect()
      const fields = ['Connection: keep-alive']
      const answer = await wire.send(t.text(t.path, { version: 'HTTP/1.0', fields })).response()
      same('framing', answer.framing, 'close')
      same('body', answer.text, 'abé')
    },
  },
  {
    id: 'stream-pieces',
    title: 'sends what a pull gave before it waits for the next',
    clause: 'B.8',
    level: 1,
    app(environ, startResponse) {
      startResponse(200, TEXT)
      return (async function* () {
        yield 'first'
        // Goes on when the client has what it was sent, and says so on another connection.
        await new Promise((resolve) => setTimeout(resolve, 500))
        yield environ.requestMethod
      })()
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('first')
      const early = wire.pending.toString('latin1')
      if (early.includes('GET')) throw new Mismatch('the first piece by itself', show(early))
      same('body', (await wire.response()).text, 'firstGET')
    },
  },
  {
    id: 'backpressure',
    title: 'pulls no faster than the client takes',
    clause: 'B.5',
    level: 1,
    deadline: 15_000,
    app(_environ, startResponse, observe) {
      startResponse(200, TEXT)
      let pulled = 0
      return {
        async *[Symbol.asyncIterator]() {
          setTimeout(() => observe('pulled', pulled), 700).unref()
          for (; pulled < 1600; pulled++) yield new Uint8Array(65_536)
        },
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      await wire.contains('\r\n\r\n')
      wire.pause()
      const pulled = (await t.observed('pulled'))[0]?.detail as number
      // 100 MiB in all; the kernel's buffers on the loopback take some of it.
      holds(pulled < 800, 'less than half of a body that its client does not read', `${pulled} of 1,600 pieces`)
    },
  },
  {
    id: 'write-waits',
    title: 'gives a promise from write while the client does not take what was written',
    clause: 'B.7',
    level: 1,
    deadline: 15_000,
    app(_environ, startResponse, observe) {
      startResponse(200, TEXT)
      return async (out) => {
        for (let i = 0; i < 1600; i++) {
          const room = out.write(new Uint8Array(65_536))
          if (room !== undefined) {
            observe('waits', i)
            await room
            return
          }
        }
        observe('waits', 'never')
      }
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path))
      wire.pause()
      const waits = (await t.observed('waits'))[0]?.detail
      holds(waits !== 'never', 'a promise from write', 'none in 100 MiB')
      wire.resume()
    },
  },
]
