/** Statuses and heads, as they come out on the wire. */
import type { Behaviour } from '../behaviour.ts'
import { among, holds, Mismatch, same, show } from '../mismatch.ts'

/** Fields that are not the same in two answers to the same question. */
const VARYING = new Set(['date', 'connection', 'keep-alive'])

export const RESPONSES: readonly Behaviour[] = [
  {
    id: 'head',
    title: 'answers HEAD with the head of GET and no body',
    clause: 'L.5',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      const head = await wire.send(t.text('/text', { method: 'HEAD' })).response('HEAD')
      const get = await wire.send(t.text('/text')).response()
      same('status', head.status, get.status)
      const fields = (of: typeof head, without: readonly string[] = []): unknown =>
        of.fields.filter(([name]) => !VARYING.has(name) && !without.includes(name)).toSorted()
      // RFC 9110 §9.3.2: what is known only by making the content may be left out.
      const made = head.field('content-length') === undefined ? ['content-length', 'transfer-encoding'] : []
      same('fields', fields(head), fields(get, made))
    },
  },
  {
    id: 'no-content',
    title: 'answers 204 without a body or a length',
    clause: 'L.7',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      const answer = await wire.send(t.text('/item', { method: 'DELETE' })).response()
      same('status', answer.status, 204)
      same('the next answer', (await wire.send(t.text('/text')).response()).text, 'Hello, World!\n')
    },
  },
  {
    id: 'not-modified',
    title: 'answers 304 without a body',
    clause: 'L.7',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      same('body', (await wire.send(t.text('/cached')).response()).text, 'cached')
      const answer = await wire.send(t.text('/cached', { fields: ['If-None-Match: "v1"'] })).response()
      same('status', answer.status, 304)
      same('etag', answer.field('etag'), '"v1"')
      same('the next answer', (await wire.send(t.text('/text')).response()).text, 'Hello, World!\n')
    },
  },
  {
    id: 'redirect',
    title: 'redirects',
    clause: 'RFC 9110 §15.4',
    force: 'must',
    level: 2,
    async check(t) {
      const answer = await t.request('/old')
      among('status', answer.status, [302, 303])
      same('location', answer.field('location')?.replace(`http://${t.host}`, ''), '/text')
    },
  },
  {
    id: 'not-found',
    title: 'answers 404 where it has nothing',
    clause: 'RFC 9110 §15.5.5',
    force: 'must',
    level: 2,
    async check(t) {
      same('status', (await t.request('/nowhere')).status, 404)
    },
  },
  {
    id: 'method-not-allowed',
    title: 'answers 405 with Allow to a method it has not',
    clause: 'S.9',
    level: 2,
    async check(t) {
      const answer = await t.request('/text', { method: 'PUT', body: 'x' })
      same('status', answer.status, 405)
      const allow = (answer.field('allow') ?? '').split(/, */)
      holds(allow.includes('GET'), 'an Allow with GET', show(answer.field('allow')))
    },
  },
  {
    id: 'error-before-head',
    title: 'answers 500 to an error, says nothing of it, and goes on',
    clause: 'F.1',
    level: 2,
    async check(t) {
      const answer = await t.request('/error')
      same('status', answer.status, 500)
      holds(!answer.text.includes('secret'), 'nothing of the error', show(answer.text))
      same('the next answer', (await t.request('/text')).text, 'Hello, World!\n')
    },
  },
  {
    id: 'error-after-head',
    title: 'breaks the connection where a body fails',
    clause: 'F.2',
    level: 2,
    hint: 'the final chunk is sent although the body failed: the client takes half for the whole',
    async check(t) {
      const wire = (await t.connect()).send(t.text('/error/late'))
      await wire.contains('partial')
      let complete: string
      try {
        complete = (await wire.response()).text
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error
        await wire.rest()
        same('the next answer', (await t.request('/text')).text, 'Hello, World!\n')
        return
      }
      throw new Mismatch('a body that breaks off, without a final chunk', `a complete one: ${show(complete)}`)
    },
  },
]
