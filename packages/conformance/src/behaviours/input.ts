/** The body of a request, as the application reads it: SPEC I. */
import type { Behaviour } from '../behaviour.ts'
import { among, holds, Mismatch, same, show } from '../mismatch.ts'
import { content, echo, JSON_FIELDS, pause, TEXT, thrown } from './apps.ts'

const POSTED = (length: number): string[] => [`Content-Length: ${length}`]

/** Milliseconds within which an answer comes that nothing holds up. */
const TOGETHER = 150

export const INPUT: readonly Behaviour[] = [
  {
    id: 'input-length',
    title: 'gives a body with Content-Length whole',
    clause: 'I.10',
    level: 1,
    app: echo,
    async check(t) {
      same('body', (await t.request(t.path, { method: 'POST', body: 'hello' })).text, 'hello')
    },
  },
  {
    id: 'input-chunked',
    title: 'undoes the chunked coding, extensions ignored, any case',
    clause: 'RFC 9112 §7.1',
    force: 'must',
    level: 1,
    app: echo,
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text(t.path, { method: 'POST', fields: ['Transfer-Encoding: CHUNKED'] }))
      wire.send('5;a=b;c="d e"\r\nhello\r\n00000001\r\n \r\nA\r\n0123456789\r\n0\r\n\r\n')
      same('body', (await wire.response()).text, 'hello 0123456789')
    },
  },
  {
    id: 'input-bytewise',
    title: 'takes a chunked request one byte at a time',
    clause: 'RFC 9112 §2.2',
    force: 'must',
    level: 1,
    app: echo,
    async check(t) {
      const wire = await t.connect()
      const text = `${t.text(t.path, { method: 'POST', fields: ['Transfer-Encoding: chunked'] })}3\r\nabc\r\n0\r\nX: y\r\n\r\n`
      for (const byte of text) {
        wire.send(byte)
        await new Promise((resolve) => setImmediate(resolve))
      }
      same('body', (await wire.response()).text, 'abc')
    },
  },
  {
    id: 'input-empty',
    title: 'gives no bytes where there is no body, and again',
    clause: 'I.1',
    level: 1,
    async app(environ, startResponse) {
      const sizes = [(await environ.input.read()).length, (await environ.input.read()).length]
      startResponse(200, JSON_FIELDS)
      return JSON.stringify(sizes)
    },
    async check(t) {
      same('sizes', JSON.parse((await t.request()).text), [0, 0])
    },
  },
  {
    id: 'input-size',
    title: 'gives at most the size that was asked for',
    clause: 'I.1',
    level: 1,
    async app(environ, startResponse) {
      const sizes: number[] = []
      for (let part = await environ.input.read(3); part.length > 0; part = await environ.input.read(3)) {
        sizes.push(part.length)
      }
      startResponse(200, JSON_FIELDS)
      return JSON.stringify(sizes)
    },
    async check(t) {
      const sizes = JSON.parse((await t.request(t.path, { method: 'POST', body: 'x'.repeat(10) })).text) as number[]
      holds(Math.max(...sizes) <= 3, 'reads of 3 bytes at most', show(sizes))
      same(
        'bytes',
        sizes.reduce((sum, size) => sum + size, 0),
        10,
      )
    },
  },
  {
    id: 'input-size-zero',
    title: 'throws a RangeError for a size that is no positive integer',
    clause: 'I.2',
    level: 1,
    app(environ, startResponse) {
      const names = [0, -1, 1.5].map((size) => {
        try {
          void environ.input.read(size)
        } catch (error) {
          return (error as Error).name
        }
        return 'none'
      })
      startResponse(200, JSON_FIELDS)
      return JSON.stringify(names)
    },
    async check(t) {
      const answer = await t.request(t.path, { method: 'POST', body: 'abc' })
      same('errors', JSON.parse(answer.text), ['RangeError', 'RangeError', 'RangeError'])
    },
  },
  {
    id: 'input-one-reader',
    title: 'throws where a read begins before the one before has settled',
    clause: 'I.3',
    level: 1,
    async app(environ, startResponse, observe) {
      const first = environ.input.read()
      const second = thrown(() => environ.input.read())
      observe('read twice')
      await first
      startResponse(200, TEXT)
      return second === 'none' ? 'none' : 'threw'
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path, { method: 'POST', fields: POSTED(3) }))
      await t.observed('read twice')
      same('second read', (await wire.send('abc').response()).text, 'threw')
    },
  },
  {
    id: 'input-own-bytes',
    title: 'never writes into bytes that it gave',
    clause: 'I.4',
    level: 1,
    hint: 'the read buffer is handed out without a copy',
    async app(environ, startResponse) {
      const parts: Uint8Array[] = []
      for await (const part of environ.input) {
        parts.push(part)
        await pause(5)
      }
      startResponse(200, ['content-type', 'application/octet-stream'])
      return Buffer.concat(parts)
    },
    async check(t) {
      const wires = await Promise.all([t.connect(), t.connect()])
      const size = 40_000
      for (const [i, wire] of wires.entries()) {
        wire.send(t.text(t.path, { method: 'POST', fields: POSTED(size) }))
        for (let part = 0; part < 4; part++) wire.send(String.fromCharCode(97 + 4 * i + part).repeat(size / 4))
      }
      for (const [i, wire] of wires.entries()) {
        const { text } = await wire.response()
        const expected = [0, 1, 2, 3].map((part) => String.fromCharCode(97 + 4 * i + part).repeat(size / 4)).join('')
        holds(text === expected, 'the bytes that this client sent', show(text))
      }
    },
  },
  {
    id: 'input-cut-short',
    title: 'rejects with status 400 where the body is cut short',
    clause: 'I.5',
    level: 1,
    capability: 'half-close',
    async app(environ, startResponse, observe) {
      try {
        await content(environ)
        observe('read', 'whole')
      } catch (error) {
        observe('read', (error as { status?: unknown }).status)
      }
      startResponse(200, TEXT)
      return ''
    },
    async check(t) {
      const wire = await t.connect()
      wire
        .send(t.text(t.path, { method: 'POST', fields: POSTED(10) }))
        .send('short')
        .end()
      same('what read() did', (await t.observed('read'))[0]?.detail, 400)
      await wire.rest()
    },
  },
  {
    id: 'input-error-status',
    title: 'answers with the status of an error of the input that nobody caught',
    clause: 'F.3',
    level: 1,
    options: { limits: { maxBodySize: 1000 } },
    app: echo,
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text(t.path, { method: 'POST', fields: ['Transfer-Encoding: chunked'] }))
      wire.send(`7d0\r\n${'x'.repeat(2000)}\r\n0\r\n\r\n`)
      same('status', (await wire.response()).status, 413)
      await wire.closed()
    },
  },
  {
    id: 'input-too-large',
    title: 'answers 413 to a declared length over the limit, without calling the application',
    clause: 'RFC 9110 §15.5.14',
    force: 'ours',
    level: 2,
    options: { limits: { maxBodySize: 1000 } },
    app(_environ, startResponse, observe) {
      observe('called')
      startResponse(200, TEXT)
      return ''
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path, { method: 'POST', fields: POSTED(2000) }))
      same('status', (await wire.response()).status, 413)
      same('calls', t.seen().length, 0)
    },
  },
  {
    id: 'input-trailers',
    title: 'gives trailers after the end, and never among the fields',
    clause: 'I.8',
    level: 1,
    async app(environ, startResponse) {
      const before = environ.input.trailers
      await content(environ)
      startResponse(200, JSON_FIELDS)
      return JSON.stringify([before, environ.input.trailers, environ.headers.includes('x-sum')])
    },
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text(t.path, { method: 'POST', fields: ['Transfer-Encoding: chunked'] }))
      const answer = await wire.send('3\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n').response()
      same('trailers before, after, merged', JSON.parse(answer.text), [null, ['x-sum', '9'], false])
    },
  },
  {
    id: 'input-left-readable',
    title: 'leaves the rest readable where an iteration is left',
    clause: 'I.7',
    level: 1,
    async app(environ, startResponse, observe) {
      const parts: Uint8Array[] = []
      for await (const part of environ.input) {
        parts.push(part)
        break
      }
      observe('left')
      parts.push(await content(environ))
      startResponse(200, TEXT)
      return Buffer.concat(parts)
    },
    async check(t) {
      const wire = (await t.connect()).send(t.text(t.path, { method: 'POST', fields: POSTED(6) }) + 'abc')
      await t.observed('left')
      same('body', (await wire.send('def').response()).text, 'abcdef')
    },
  },
  {
    id: 'input-unread',
    title: 'never parses an unread body as the next request',
    clause: 'I.9',
    level: 2,
    app(_environ, startResponse, observe) {
      observe('called')
      startResponse(200, TEXT)
      return 'unread'
    },
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text(t.path, { method: 'POST', body: t.text(t.path) }))
      same('body', (await wire.response()).text, 'unread')
      wire.send(t.text('/')).end()
      await wire.rest()
      same('calls of the application', t.seen().length, 1)
    },
  },
  {
    id: 'input-begun',
    title: 'answers the next request, or closes the connection, where a body is read in part',
    clause: 'I.9',
    level: 2,
    hint: 'a body that nobody reads to its end must not block the request behind it',
    async app({ input, requestMethod }, startResponse) {
      if (requestMethod === 'POST') await input.read(10)
      startResponse(200, TEXT)
      return requestMethod
    },
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text(t.path, { method: 'POST', body: 'x'.repeat(300_000) }))
      same('body', (await wire.response()).text, 'POST')
      wire.send(t.text(t.path)).end()
      const behind = (await wire.rest()).toString('latin1')
      const isAnswer = behind.startsWith('HTTP/1.1 200 ') && behind.endsWith('GET')
      holds(behind === '' || isAnswer, 'the response to the next request, or a closed connection', show(behind))
    },
  },
  {
    id: 'input-unread-large',
    title: 'answers, and closes, where a large body is left unread',
    clause: 'RFC 9112 §9.6',
    // RFC 9112 says what servers typically do, and asks it of none.
    force: 'ours',
    level: 2,
    hint: 'closing with unread bytes in the kernel resets the connection, and the answer is lost with it',
    app(_environ, startResponse) {
      startResponse(200, TEXT)
      return 'unread'
    },
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text(t.path, { method: 'POST', fields: POSTED(4_000_000) }))
      for (let sent = 0; sent < 4_000_000; sent += 50_000) {
        if (!(await wire.sendSlowly(Buffer.alloc(50_000, 'x')))) break
      }
      same('body', (await wire.response()).text, 'unread')
    },
  },
  {
    id: 'continue-on-read',
    title: 'sends 100 Continue when the application first reads, not before',
    clause: 'I.6',
    level: 2,
    async app(environ, startResponse, observe) {
      await pause(100)
      observe('reads')
      const body = await content(environ)
      startResponse(200, TEXT)
      return body
    },
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text(t.path, { method: 'POST', fields: [...POSTED(3), 'Expect: 100-continue'] }))
      await wire.contains('HTTP/1.1 ')
      holds(t.seen().length === 1, '100 after the first read', '100 before it')
      same('status', (await wire.interim()).status, 100)
      same('body', (await wire.send('abc').response()).text, 'abc')
    },
  },
  {
    id: 'continue-never',
    title: 'sends no 100 where the application answers without reading, and never serves the body as a request',
    clause: 'I.6',
    level: 2,
    app(_environ, startResponse) {
      startResponse(403, TEXT)
      return 'no'
    },
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text(t.path, { method: 'POST', fields: [...POSTED(3), 'Expect: 100-continue'] }))
      const answer = await wire.response()
      same('status', answer.status, 403)
      same(
        'interim answers',
        answer.interim.map(({ status }) => status),
        [],
      )
      await wire.closed()
    },
  },
  {
    id: 'continue-early',
    title: 'asks for the body with 100 Continue only where it then waits for it',
    clause: 'RFC 9110 §10.1.1',
    // A server may send 100 at once, and then answer without the body.
    force: 'ours',
    level: 2,
    hint: '100 is sent when the head has come, and not when the application first reads',
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text('/', { method: 'POST', fields: [...POSTED(3), 'Expect: 100-continue'] }))
      const first = await wire.interim()
      if (first.status !== 100) return
      // Who sends both without waiting sends them together.
      await pause(TOGETHER)
      holds(wire.pending.length === 0, 'the answer after the body', 'an answer, though no body was sent')
      await wire.send('abc').response()
    },
  },
  {
    id: 'continue-1.0',
    title: 'ignores 100-continue in HTTP/1.0',
    clause: 'RFC 9110 §10.1.1',
    force: 'must',
    level: 2,
    capability: 'http-1.0',
    app: echo,
    anywhere: true,
    async check(t) {
      const wire = await t.connect()
      wire.send(t.text(t.path, { method: 'POST', version: 'HTTP/1.0', body: 'abc', fields: ['Expect: 100-continue'] }))
      const answer = await wire.response()
      same('interim answers', answer.interim.length, 0)
      if (t.probe) same('body', answer.text, 'abc')
    },
  },
  {
    id: 'continue-unasked',
    title: 'sends no 100 that nobody asked for',
    clause: 'RFC 9110 §10.1.1',
    // A client MUST bear a 100 that it did not ask for.
    force: 'ours',
    level: 2,
    app: echo,
    async check(t) {
      const answer = await t.request(t.path, { method: 'POST', body: 'abc' })
      same(
        'interim answers',
        answer.interim.map(({ status }) => status),
        [],
      )
      among('status', answer.status, [200])
      if (answer.text !== 'abc') throw new Mismatch('"abc"', show(answer.text))
    },
  },
]
