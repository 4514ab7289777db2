import { describe, expect, it } from 'vitest'
import { call, environOf, type Answer, type CallOptions } from '../test/call.ts'
import { Context } from './context.ts'
import { mini } from './mini.ts'
import type { Handler } from './routes.ts'

const LIMITS = { maxBodySize: 100, form: {} }
const contextOf = (request: string, options?: CallOptions): Context =>
  new Context(environOf(request, options), {}, LIMITS)

async function post(handler: Handler, type: string, body: string | Uint8Array): Promise<Answer> {
  const app = mini(LIMITS)
  app.post('/', handler)
  return call(app, 'POST /', { body, headers: type === '' ? [] : ['content-type', type] })
}

describe('Context', () => {
  it('reads the query', () => {
    const { query } = contextOf('GET /?a=1&b=x+y%26&a=2')
    expect([query.getAll('a'), query.get('b'), query.get('c')]).toEqual([['1', '2'], 'x y&', null])
    expect([...contextOf('GET /??a=1').query]).toEqual([['?a', '1']])
    expect([...contextOf('GET /').query]).toEqual([])
  })

  it('reads cookies from all their fields', () => {
    const { cookies } = contextOf('GET /', { headers: ['cookie', 'a=1; b=2', 'host', 'x', 'cookie', 'c=3'] })
    expect({ ...cookies }).toEqual({ a: '1', b: '2', c: '3' })
  })

  it('reads a field', () => {
    const context = contextOf('GET /', { headers: ['x-a', '1', 'x-a', '2'] })
    expect([context.header('x-a'), context.header('x-b')]).toEqual(['1', undefined])
  })

  describe('setCookie', () => {
    it('is careful where it is not told otherwise', () => {
      const context = contextOf('GET /')
      context.setCookie('a', '1')
      context.setCookie('b', '2', { httpOnly: false, path: '/x', maxAge: 5 })
      expect(context.responseHeaders).toEqual([
        'set-cookie',
        'a=1; Path=/; HttpOnly; SameSite=Lax',
        'set-cookie',
        'b=2; Max-Age=5; Path=/x; SameSite=Lax',
      ])
    })

    it('stays below the mount, and on https where it came so', () => {
      const context = contextOf('GET /', { environ: { scriptName: '/shop', urlScheme: 'https' } })
      context.setCookie('a', '1')
      expect(context.responseHeaders[1]).toBe('a=1; Path=/shop; HttpOnly; Secure; SameSite=Lax')
    })

    it('reaches the client with every kind of answer', async () => {
      const app = mini()
      app.get('/text', (context) => (context.setCookie('a', '1'), 'text'))
      app.get('/null', (context) => (context.setCookie('a', '1'), null))
      app.get('/bug', (context) => {
        context.setCookie('a', '1')
        throw new Error('bug')
      })
      app.onError(() => 'sorry')
      for (const path of ['/text', '/null', '/bug']) {
        const answer = await call(app, `GET ${path}`, { environ: { errors: { write() {}, flush() {} } } })
        expect(answer.all('set-cookie')).toHaveLength(1)
      }
    })
  })

  describe('a body', () => {
    it('is read as bytes and as text', async () => {
      expect((await post((c) => c.bytes(), '', new Uint8Array([0, 255]))).body).toEqual(new Uint8Array([0, 255]))
      expect((await post((c) => c.text(), '', 'Zoë')).body).toBe('Zoë')
    })

    it('is 413 when it is too large, 400 when it is no text', async () => {
      expect((await post((c) => c.text(), '', 'x'.repeat(100))).status).toBe(200)
      expect((await post((c) => c.text(), '', 'x'.repeat(101))).status).toBe(413)
      expect((await post((c) => c.text(), '', new Uint8Array([255]))).status).toBe(400)
    })
  })

  describe('json', () => {
    const echo: Handler = async (context) => ({ got: await context.json() })

    it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/problem+json'])(
      'reads %s',
      async (type) => {
        expect((await post(echo, type, '{"a":"ü"}')).body).toBe('{"got":{"a":"ü"}}')
      },
    )

    it('is 415 for another type and 400 for what does not parse', async () => {
      expect(await post(echo, 'text/plain', '{}')).toMatchObject({
        status: 415,
        body: 'Expected application/json, got text/plain.\n',
      })
      expect(await post(echo, '', '{}')).toMatchObject({ status: 415 })
      for (const body of ['', '{', '{"a":1}x']) {
        expect(await post(echo, 'application/json', body)).toMatchObject({ status: 400 })
      }
    })
  })

  describe('form', () => {
    const fields: Handler = async (context) => [...(await context.form())]
    const multipart = 'multipart/form-data; boundary=x'
    const part = (disposition: string, content: string): string =>
      `--x\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`

    it('reads url-encoded and multipart fields alike', async () => {
      const expected = '[["a","1 ü"],["a","2"]]'
      expect((await post(fields, 'application/x-www-form-urlencoded', 'a=1+%C3%BC&a=2')).body).toBe(expected)
      expect((await post(fields, multipart, `${part('name=a', '1 ü')}${part('name=a', '2')}--x--\r\n`)).body).toBe(
        expected,
      )
    })

    it('hands files over as they come', async () => {
      const handler: Handler = async (context) => {
        const files: string[] = []
        const form = await context.form(async (file) => {
          const chunks = await Array.fromAsync(file.content)
          files.push(`${file.name} ${file.filename} ${Buffer.concat(chunks).toString()}`)
        })
        return { files, form: [...form] }
      }
      const body = `${part('name=a', '1')}${part('name=f; filename="n.txt"', 'content')}${part('name=b', '2')}--x--`
      expect((await post(handler, multipart, body)).body).toBe(
        '{"files":["f n.txt content"],"form":[["a","1"],["b","2"]]}',
      )
    })

    it('refuses a file that was not expected, but not a file input that was left empty', async () => {
      expect(await post(fields, multipart, `${part('name=f; filename=n', 'x')}--x--`)).toMatchObject({ status: 400 })
      expect(await post(fields, multipart, `${part('name=f; filename=""', '')}--x--`)).toMatchObject({
        status: 200,
        body: '[]',
      })
    })

    it('is 415 for another type, and 400 and 413 for what is malformed or too large', async () => {
      expect((await post(fields, 'text/plain', 'a=1')).status).toBe(415)
      expect((await post(fields, multipart, '--x')).status).toBe(400)
      const app = mini({ form: { maxFieldsSize: 3 } })
      app.post('/', fields)
      const headers = ['content-type', 'application/x-www-form-urlencoded']
      expect((await call(app, 'POST /', { headers, body: 'a=12' })).status).toBe(413)
      expect((await call(app, 'POST /', { headers, body: 'a=1' })).status).toBe(200)
    })
  })
})
