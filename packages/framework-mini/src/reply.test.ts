import { describe, expect, it } from 'vitest'
import { callSync, type Answer } from '../test/call.ts'
import { html } from './html.ts'
import { mini } from './mini.ts'
import { json, page, redirect, stream, text, type Result } from './reply.ts'

function answerTo(result: Result): Answer {
  const app = mini()
  app.get('/', () => result)
  return callSync(app, 'GET /')
}

describe('what a handler gives back', () => {
  it.each<[string, Result, number, string | undefined, unknown]>([
    ['a string is plain text', '<b>', 200, 'text/plain; charset=utf-8', '<b>'],
    ['Html is a page', html`<b>${'&'}</b>`, 200, 'text/html; charset=utf-8', '<b>&#38;</b>'],
    ['an object is JSON', { a: [1, 'ü'] }, 200, 'application/json', '{"a":[1,"ü"]}'],
    ['an array is JSON', [1, null], 200, 'application/json', '[1,null]'],
    ['what has toJSON says itself', new Date(0), 200, 'application/json', '"1970-01-01T00:00:00.000Z"'],
    ['null is 204', null, 204, undefined, null],
    ['bytes are bytes', new Uint8Array([1]), 200, 'application/octet-stream', new Uint8Array([1])],
    ['text() has a status', text('x', { status: 402 }), 402, 'text/plain; charset=utf-8', 'x'],
    ['json() takes scalars', json(null, { status: 201 }), 201, 'application/json', 'null'],
    ['page() has a status', page(html`x`, { status: 422 }), 422, 'text/html; charset=utf-8', 'x'],
    ['a type replaces the usual one', text('a,b', { type: 'text/csv' }), 200, 'text/csv', 'a,b'],
  ])('%s', (_, result, status, type, body) => {
    const answer = answerTo(result)
    expect(answer.status).toBe(status)
    expect(answer.all('content-type')).toEqual(type === undefined ? [] : [type])
    expect(answer.body).toEqual(body)
  })

  it('brings the fields it was given', () => {
    const answer = answerTo(text('x', { headers: ['x-a', '1', 'x-a', '2'] }))
    expect(answer.all('x-a')).toEqual(['1', '2'])
    expect(answer.all('content-type')).toHaveLength(1)
  })

  it('streams what is made on the way, as it was given', () => {
    function* lines(): Generator<string> {
      yield 'a'
    }
    const body = lines()
    const answer = answerTo(stream(body, { type: 'text/plain' }))
    expect(answer.body).toBe(body)
    expect(answer.all('content-type')).toEqual(['text/plain'])
  })

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a number', 404],
    ['a symbol', Symbol('x')],
    ['a function', () => ''],
    ['a map', new Map([['a', 1]])],
    ['a generator', (function* () {})()],
    ['an async generator', (async function* () {})()],
  ])('is refused when it is %s, and the error says what would do', (_, result) => {
    expect(() => answerTo(result as Result)).toThrow(/expected to return a string, Html.*it returned/)
  })
})

describe('redirect', () => {
  it('goes on with GET unless told otherwise', () => {
    expect(answerTo(redirect('/next?a=1#b'))).toMatchObject({
      status: 303,
      body: null,
      headers: ['location', '/next?a=1#b'],
    })
    expect(answerTo(redirect('/next', 308)).status).toBe(308)
  })

  it('escapes what may not stand in a field, and leaves escapes alone', () => {
    expect(answerTo(redirect('/ä %20\r\nset-cookie: x😀\ud800')).all('location')).toEqual([
      '/%C3%A4%20%20%0D%0Aset-cookie:%20x%F0%9F%98%80%EF%BF%BD',
    ])
  })
})
