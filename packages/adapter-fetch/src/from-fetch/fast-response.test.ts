import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installFastGlobals, uninstallFastGlobals } from './fast-globals.ts'
import { takeParts } from './fast-response.ts'

const NativeResponse = globalThis.Response
const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values)

describe.each([{ fast: false }, { fast: true }])('Response (fast: $fast)', ({ fast }) => {
  beforeAll(() => (fast ? installFastGlobals() : undefined))
  afterAll(uninstallFastGlobals)

  test('is a Response of 200 without a body', () => {
    const response = new Response()
    expect([response.status, response.statusText, response.ok, response.body]).toEqual([200, '', true, null])
    expect([response.type, response.url, response.redirected, response.bodyUsed]).toEqual(['default', '', false, false])
    expect([...response.headers]).toEqual([])
    expect(Object.prototype.toString.call(response)).toBe('[object Response]')
  })

  test('takes a status and a reason', () => {
    const response = new Response('no', { status: 404, statusText: 'Nowhere' })
    expect([response.status, response.statusText, response.ok]).toEqual([404, 'Nowhere', false])
  })

  test.each<[string, unknown, string, string | null]>([
    ['a string', 'grüße', 'grüße', 'text/plain;charset=UTF-8'],
    ['an empty string', '', '', 'text/plain;charset=UTF-8'],
    ['bytes', bytes(104, 105), 'hi', null],
    ['a part of a buffer', bytes(120, 104, 105, 120).subarray(1, 3), 'hi', null],
    ['an ArrayBuffer', bytes(104, 105).buffer, 'hi', null],
    ['a DataView', new DataView(bytes(120, 104, 105).buffer, 1), 'hi', null],
    ['a Blob', new Blob(['hi'], { type: 'text/x-hi' }), 'hi', 'text/x-hi'],
    ['URLSearchParams', new URLSearchParams({ a: '1' }), 'a=1', 'application/x-www-form-urlencoded;charset=UTF-8'],
    ['a number', 12, '12', 'text/plain;charset=UTF-8'],
    ['null', null, '', null],
    ['undefined', undefined, '', null],
  ])('takes %s as body, and knows its type', async (_, body, text, type) => {
    const response = new Response(body as string)
    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toBe(text)
  })

  test('takes a stream, an iterable and a form as body', async () => {
    expect(await new Response(new Blob(['stream']).stream()).text()).toBe('stream')
    async function* chunks() {
      yield bytes(104)
      yield bytes(105)
    }
    expect(await new Response(chunks()).text()).toBe('hi')
    const form = new FormData()
    form.set('a', '1')
    expect((await new Response(form).formData()).get('a')).toBe('1')
  })

  test('copies bytes, which the app may reuse', async () => {
    const buffer = bytes(104, 105)
    const response = new Response(buffer)
    buffer.fill(0)
    expect(await response.text()).toBe('hi')
  })

  test.each<[string, unknown]>([
    ['a plain object', { 'X-One': '1', 'content-type': 'text/x' }],
    [
      'pairs',
      [
        ['x-one', '1'],
        ['Content-Type', 'text/x'],
      ],
    ],
    ['Headers', new Headers({ 'x-one': '1', 'content-type': 'text/x' })],
    ['values with blanks around them', { 'x-one': '  1\t', 'content-type': 'text/x' }],
  ])('takes fields as %s', (_, headers) => {
    const response = new Response('body', { headers: headers as Record<string, string> })
    expect([...response.headers]).toEqual([
      ['content-type', 'text/x'],
      ['x-one', '1'],
    ])
  })

  test('joins what one object says twice, keeps cookies apart, and makes strings of values', () => {
    const twice = { 'X-One': 'a', 'x-one': 'b' }
    expect(new Response(null, { headers: twice }).headers.get('x-one')).toBe('a, b')
    const cookies = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
    expect(new Response(null, { headers: cookies }).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(new Response(null, { headers: { n: 1 } as unknown as Record<string, string> }).headers.get('n')).toBe('1')
    expect(new Response(null, { headers: { e: '' } }).headers.get('e')).toBe('')
  })

  test('does not follow the init it was made with', () => {
    const headers: Record<string, string> = { 'x-one': '1' }
    const response = new Response(null, { headers })
    headers['x-one'] = '2'
    expect(response.headers.get('x-one')).toBe('1')
  })

  test.each<[string, unknown, ResponseInit]>([
    ['a status below 200', null, { status: 199 }],
    ['a status over 599', null, { status: 600 }],
    ['a status that is no number', null, { status: 'ok' as unknown as number }],
    ['a reason with a line break', null, { statusText: 'a\nb' }],
    ['a body where there is none', 'body', { status: 204 }],
    ['a field with a line break', null, { headers: { a: 'b\r\nc: d' } }],
    ['a field with a NUL', null, { headers: { a: 'b\0' } }],
    ['a field outside of Latin-1', null, { headers: { a: '☃' } }],
    ['a name that is no token', null, { headers: { 'a b': 'c' } }],
    ['a pair that is none', null, { headers: [['a']] as unknown as [string, string][] }],
  ])('refuses %s at once', (_, body, init) => {
    expect(() => new Response(body as string, init)).toThrow(/\S/)
  })

  test('converts a status as the standard has it', () => {
    expect(new Response(null, { status: '201' as unknown as number }).status).toBe(201)
    expect(new Response(null, { status: 200.9 }).status).toBe(200)
  })

  test('keeps one Headers, which can be changed', () => {
    const response = new Response('body')
    response.headers.set('x-one', '1')
    response.headers.delete('content-type')
    expect([...response.headers]).toEqual([['x-one', '1']])
    expect(response.headers).toBe(response.headers)
    expect(new Response(response.body, response).headers.get('x-one')).toBe('1')
  })

  test('is read once', async () => {
    const response = new Response('body')
    expect(response.bodyUsed).toBe(false)
    await response.text()
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(() => response.clone()).toThrow(TypeError)
    const empty = new Response()
    await empty.text()
    expect(await empty.text()).toBe('')
  })

  test('is read as JSON, bytes, buffer, Blob and through its stream', async () => {
    expect(await new Response('{"a":1}').json()).toEqual({ a: 1 })
    await expect(new Response('{').json()).rejects.toThrow(SyntaxError)
    expect(await new Response('hi').bytes()).toEqual(bytes(104, 105))
    expect(await new Response('hi').arrayBuffer()).toEqual(bytes(104, 105).buffer)
    const blob = await new Response('hi', { headers: { 'content-type': 'text/x-hi' } }).blob()
    expect([blob.type, await blob.text()]).toEqual(['text/x-hi', 'hi'])
    const chunks: string[] = []
    for await (const chunk of new Response('hi').textStream()) chunks.push(chunk)
    expect(chunks.join('')).toBe('hi')
    const response = new Response('hi')
    expect(response.body).toBeInstanceOf(ReadableStream)
    expect(response.body).toBe(response.body)
    expect((await response.body?.getReader().read())?.value).toEqual(bytes(104, 105))
    expect(response.bodyUsed).toBe(true)
  })

  test('is cloned, before and after somebody looked at it', async () => {
    const response = new Response('body', { status: 201, statusText: 'Made', headers: { 'x-one': '1' } })
    const first = response.clone()
    response.headers.set('x-one', '2')
    const second = response.clone()
    expect(response.body).toBeInstanceOf(ReadableStream)
    const third = response.clone()
    expect([first, second, third].map((clone) => clone.headers.get('x-one'))).toEqual(['1', '2', '2'])
    expect([first.status, first.statusText]).toEqual([201, 'Made'])
    expect(await Promise.all([response, first, second, third].map((each) => each.text()))).toEqual(
      Array(4).fill('body'),
    )
    expect(await new Response(new Blob(['stream']).stream()).clone().text()).toBe('stream')
  })

  test('has its static functions', async () => {
    const json = Response.json({ a: 1 }, { status: 201, headers: { 'x-one': '1' } })
    expect([json.status, json.headers.get('content-type'), json.headers.get('x-one')]).toEqual([
      201,
      'application/json',
      '1',
    ])
    expect(await json.json()).toEqual({ a: 1 })
    const typed = Response.json([], { headers: { 'Content-Type': 'application/x+json' } })
    expect(typed.headers.get('content-type')).toBe('application/x+json')
    const converted = Response.json(1, { status: '202' as unknown as number })
    expect([converted.status, await converted.text()]).toEqual([202, '1'])
    expect(converted.headers.get('content-type')).toBe('application/json')
    expect(() => Response.json(undefined)).toThrow(TypeError)
    expect(() => Response.json({}, { status: 204 })).toThrow(TypeError)
    const moved = Response.redirect('https://example.org/a b', 301)
    expect([moved.status, moved.headers.get('location')]).toEqual([301, 'https://example.org/a%20b'])
    expect(() => Response.redirect('https://example.org/', 200 as 301)).toThrow(RangeError)
    expect(Response.error().type).toBe('error')
  })

  test('is an instance of its class, and of one derived from it only if that made it', async () => {
    class Page extends Response {
      readonly page = true
    }
    const page = new Page('page', { status: 201 })
    expect(page).toBeInstanceOf(Response)
    expect(page).toBeInstanceOf(Page)
    expect(new Response()).not.toBeInstanceOf(Page)
    expect({}).not.toBeInstanceOf(Response)
    expect([page.status, await page.text(), page.page]).toEqual([201, 'page', true])
    expect(await fetch('data:text/plain,hi')).toBeInstanceOf(Response)
  })
})

describe('a fast response', () => {
  beforeAll(installFastGlobals)
  afterAll(uninstallFastGlobals)

  test('and a native one are instances of each other’s classes', () => {
    expect(new Response()).toBeInstanceOf(NativeResponse)
    expect(new NativeResponse()).toBeInstanceOf(Response)
    expect(takeParts(new NativeResponse())).toBeUndefined()
    expect(Response.name).toBe('Response')
  })

  test('gives a fixed body without a stream, once', async () => {
    const response = new Response('body', { headers: { 'X-One': '1' } })
    const fields = ['x-one', '1', 'content-type', 'text/plain;charset=UTF-8']
    expect(takeParts(response)).toEqual({ status: 200, fields, body: 'body' })
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(() => response.clone()).toThrow(TypeError)
    expect(takeParts(new Response(bytes(1)))?.body).toEqual(bytes(1))
    const empty = new Response()
    expect([takeParts(empty)?.body, takeParts(empty)?.body]).toEqual([null, null])
  })

  test('gives the fields as they were changed', () => {
    const response = new Response('body')
    response.headers.set('content-type', 'text/x')
    response.headers.append('set-cookie', 'a=1')
    response.headers.append('set-cookie', 'b=2')
    expect(takeParts(response)?.fields).toEqual(['content-type', 'text/x', 'set-cookie', 'a=1', 'set-cookie', 'b=2'])
  })

  test('gives a stream where somebody asked for one', () => {
    const response = new Response('body')
    const { body } = response
    expect(takeParts(response)?.body).toBe(body)
  })
})
