import { fromWsgi } from '@tsgi/adapter-wsgi'
import { describe, expect, test, vi } from 'vitest'
import { field, run } from './run.ts'
import {
  add_header,
  AppClass,
  careful,
  count_lines,
  counting,
  form,
  printing,
  show_environ,
  simple_app,
  Upperware,
  url_map,
} from './textbook-apps.ts'

describe('applications as textbooks have them', () => {
  test('the function of the first page', async () => {
    const answer = await run(fromWsgi(simple_app))
    expect(answer).toEqual({
      status: 200,
      headers: ['content-type', 'text/plain'],
      body: 'Hello world!\n',
      chunks: ['Hello world!\n'],
      sync: true,
    })
  })

  test('the class whose instance is iterated', async () => {
    expect(await run(fromWsgi(AppClass))).toMatchObject({ status: 200, body: 'Hello GET!\n' })
  })

  test('a generator, pulled chunk by chunk', async () => {
    expect(await run(fromWsgi(counting))).toMatchObject({ status: 200, chunks: ['1\n', '2\n', '3\n'], sync: true })
  })

  test('the page that shows the environ', async () => {
    const answer = await run(fromWsgi(show_environ), { path: '/a', headers: ['host', 'shop.example:8080'] })
    expect(answer.body).toContain('HTTP_HOST: shop.example:8080\nPATH_INFO: /a\n')
    expect(field(answer, 'content-length')).toBe(String(answer.body.length))
  })

  test('the form, of which read() must give every byte at once', async () => {
    const text = 'age=42&hobbies=Software&hobbies=Auto+Tunning'
    const pieces = [text.slice(0, 10), Promise.resolve(text.slice(10))]
    const answer = await run(fromWsgi(form), {
      method: 'POST',
      headers: ['content-length', String(text.length)],
      body: pieces,
    })
    expect(answer.body).toBe('Age: 42\nHobbies: Software, Auto Tunning\n')
  })

  test('a form that came chunked, though the book knows only CONTENT_LENGTH', async () => {
    const answer = await run(fromWsgi(form), {
      method: 'POST',
      headers: ['transfer-encoding', 'chunked'],
      body: ['age=', '7'],
    })
    expect(answer.body).toContain('Age: 7\n')
  })

  test('iteration over the lines of the input', async () => {
    const answer = await run(fromWsgi(count_lines), { method: 'POST', body: ['a\nb', '\n', Promise.resolve('c')] })
    expect(answer.body).toBe('2')
  })

  test('write comes before what is returned', async () => {
    expect(await run(fromWsgi(printing))).toMatchObject({ body: 'one\ntwo\nthree\n', sync: true })
  })

  test('exc_info replaces the head', async () => {
    const answer = await run(
      fromWsgi(
        careful(() => {
          throw new Error('oops')
        }),
      ),
    )
    expect(answer).toMatchObject({ status: 500, body: 'error body goes here' })
    expect(await run(fromWsgi(careful(() => ['fine'])))).toMatchObject({ status: 200, body: 'fine' })
  })
})

describe('middleware as textbooks have it', () => {
  test('over the body, keeping close', async () => {
    const close = vi.fn()
    const inner = new Upperware((_environ, start_response) => {
      start_response('200 OK', [])
      return Object.assign(['quiet'].values(), { close })
    })
    expect(await run(fromWsgi(inner.wsgi_app))).toMatchObject({ body: 'QUIET' })
    expect(close).toHaveBeenCalledOnce()
  })

  test('over the head, and the environ is its to change', async () => {
    const app = add_header(
      (environ, start_response) => {
        start_response('200 OK', [['X-Inner', '1']])
        return [String(environ['example.seen'])]
      },
      'X-Outer',
      '2',
    )
    expect(await run(fromWsgi(app))).toMatchObject({ headers: ['x-inner', '1', 'x-outer', '2'], body: 'true' })
  })

  test('a dispatcher that shifts the path', async () => {
    const app = fromWsgi(
      url_map({
        shop(environ, start_response) {
          start_response('200 OK', [])
          return [`${environ.SCRIPT_NAME}|${environ.PATH_INFO}`]
        },
      }),
    )
    expect(await run(app, { path: '/shop/cart' })).toMatchObject({ body: '/shop|/cart' })
    expect(await run(app, { path: '/other' })).toMatchObject({ status: 404 })
  })
})
