import { describe, expect, it } from 'vitest'
import type { Settings } from './index.ts'
import {
  application,
  Http404,
  HttpError,
  HttpResponse,
  JsonResponse,
  path,
  redirect,
  View,
  type HttpRequest,
  type Middleware,
} from './index.ts'
import { brokenView } from '../test/broken-view.ts'
import { Client } from '../test/client.ts'

const site = (settings: Settings): Client => new Client(application({ development: false, ...settings }))
const hello = (): HttpResponse => new HttpResponse('Hello')

describe('a view', () => {
  it('answers with its response', async () => {
    const client = site({ urlpatterns: [path('', hello)] })
    const response = await client.get('/')
    expect(response).toMatchObject({
      status: 200,
      headers: ['content-type', 'text/html; charset=utf-8'],
      text: 'Hello',
    })
  })

  it('stays synchronous behind synchronous middleware', async () => {
    const stamp: Middleware = {
      processRequest: () => undefined,
      processResponse: (_request, response) => response.setHeader('x-stamp', '1'),
    }
    const client = site({ urlpatterns: [path('', hello), path('later/', async () => hello())], middleware: [stamp] })
    expect((await client.get('/')).header('x-stamp')).toBe('1')
    expect(client.wasSync).toBe(true)
    expect((await client.get('/later/')).header('x-stamp')).toBe('1')
    expect(client.wasSync).toBe(false)
  })

  it('gets the parameters of its route, typed', async () => {
    const add = (_: HttpRequest, { a, b }: { a: number; b: number }) => new HttpResponse(String(a + b))
    const client = site({ urlpatterns: [path('add/<int:a>/<int:b>/', add)] })
    expect((await client.get('/add/40/2/')).text).toBe('42')
  })

  it('streams a generator', async () => {
    const count = (): HttpResponse =>
      new HttpResponse(
        (function* () {
          yield 'one '
          yield 'two'
        })(),
      )
    expect((await site({ urlpatterns: [path('', count)] }).get('/')).text).toBe('one two')
  })

  it('reads query, cookies, fields and the origin', async () => {
    const show = (request: HttpRequest): HttpResponse =>
      new JsonResponse({
        q: request.query.getAll('q'),
        cookie: request.cookies['theme'],
        agent: request.header('user-agent'),
        origin: request.origin,
        path: request.path,
      })
    const client = site({ urlpatterns: [path('', show)] })
    client.cookies.set('theme', 'dark')
    const response = await client.get('/?q=a+b&q=%C3%BC', {
      headers: ['user-agent', 'me'],
      environ: { scriptName: '/app', urlScheme: 'https', serverPort: 443 },
    })
    expect(response.header('content-type')).toBe('application/json')
    expect(JSON.parse(response.text)).toEqual({
      q: ['a b', 'ü'],
      cookie: 'dark',
      agent: 'me',
      origin: 'https://site.test',
      path: '/app/',
    })
  })

  it('reads cookies it has signed, and no others', async () => {
    const urlpatterns = [
      path('set/', (request) => new HttpResponse('').setCookie('score', request.signCookie('score', '12 ü'))),
      path('get/', (request) => new JsonResponse([request.signedCookie('score'), request.signedCookie('score', -1)])),
    ]
    const client = site({ urlpatterns, secretKey: 's'.repeat(32) })
    expect((await client.get('/get/')).text).toBe('[null,null]')
    await client.get('/set/')
    expect((await client.get('/get/')).text).toBe('["12 ü",null]')
    client.cookies.set('score', `9${client.cookies.get('score')?.slice(1)}`)
    expect((await client.get('/get/')).text).toBe('[null,null]')
  })

  it('reverses names below the prefix it is mounted at', async () => {
    const client = site({
      urlpatterns: [
        path('notes/<int:id>/', (request, { id }) => redirect(request.reverse('note', { id: id + 1 })), 'note'),
      ],
    })
    const response = await client.get('/notes/1/', { environ: { scriptName: '/app' } })
    expect([response.status, response.header('location'), response.text]).toEqual([303, '/app/notes/2/', ''])
  })

  it('that returns nothing is an error that names its route', async () => {
    const client = site({ urlpatterns: [path('broken/', (() => undefined) as never)] })
    expect((await client.get('/broken/')).status).toBe(500)
    expect(client.log.join('')).toContain('the view of "broken/" was expected to return an HttpResponse')
  })
})

describe('reading a body', () => {
  const echo = async (request: HttpRequest): Promise<HttpResponse> => {
    const form = await request.form()
    const file = form.get('file')
    return new JsonResponse({
      name: form.get('name'),
      tags: form.getAll('tag'),
      file: file instanceof File ? await file.text() : null,
    })
  }
  const json = async (request: HttpRequest): Promise<HttpResponse> => new JsonResponse({ got: await request.json() })
  const urlpatterns = [path('form/', echo), path('json/', json)]

  it('takes url-encoded forms', async () => {
    const body = new URLSearchParams([['name', 'Jürgen & Söhne'], ['tag', 'a'], ['tag', 'b']]) // prettier-ignore
    const response = await site({ urlpatterns }).request('/form/', { method: 'POST', body })
    expect(JSON.parse(response.text)).toEqual({ name: 'Jürgen & Söhne', tags: ['a', 'b'], file: null })
  })

  it('takes multipart forms with files', async () => {
    const body = new FormData()
    body.append('name', 'ü')
    body.append('file', new File(['some text'], 'a.txt', { type: 'text/plain' }))
    const response = await site({ urlpatterns }).request('/form/', { method: 'POST', body })
    expect(JSON.parse(response.text)).toEqual({ name: 'ü', tags: [], file: 'some text' })
  })

  it('takes JSON, and answers 400 to what is none', async () => {
    const client = site({ urlpatterns })
    expect((await client.request('/json/', { method: 'POST', body: '{"a":1}' })).text).toBe('{"got":{"a":1}}')
    expect((await client.request('/json/', { method: 'POST', body: '{' })).status).toBe(400)
  })

  it('answers 415 to a form of another type', async () => {
    const request = { method: 'POST', body: '{}', headers: ['content-type', 'application/json'] }
    expect((await site({ urlpatterns }).request('/form/', request)).status).toBe(415)
  })

  it('answers 413 over maxBodySize, files together included', async () => {
    const client = site({ urlpatterns, maxBodySize: 1000 })
    expect((await client.post('/form/', { name: 'x'.repeat(1001) })).status).toBe(413)
    expect((await client.request('/json/', { method: 'POST', body: `"${'x'.repeat(1000)}"` })).status).toBe(413)
    const files = new FormData()
    for (const name of ['a', 'b']) files.append(name, new File(['x'.repeat(600)], `${name}.txt`))
    expect((await client.post('/form/', files)).status).toBe(413)
  })
})

describe('a class-based view', () => {
  class Note extends View<{ id: number }> {
    get(): HttpResponse {
      return new HttpResponse(`note ${this.params.id}`).setHeader('x-method', this.request.method)
    }
    async post(): Promise<HttpResponse> {
      return new HttpResponse('saved', { status: 201 })
    }
  }
  const client = site({ urlpatterns: [path('<int:id>/', Note.asView())] })

  it('answers each method by its own', async () => {
    expect((await client.get('/7/')).text).toBe('note 7')
    expect((await client.request('/7/', { method: 'POST' })).status).toBe(201)
    const head = await client.request('/7/', { method: 'HEAD' })
    expect([head.status, head.header('x-method')]).toEqual([200, 'HEAD'])
  })

  it('answers 405 with Allow to others, and OPTIONS with what there is', async () => {
    for (const method of ['DELETE', 'CONSTRUCTOR', 'get']) {
      const refused = await client.request('/7/', { method })
      expect([refused.status, refused.header('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS'])
    }
    const options = await client.request('/7/', { method: 'OPTIONS' })
    expect([options.status, options.header('allow'), options.text]).toEqual([204, 'GET, POST, HEAD, OPTIONS', ''])
  })
})

describe('middleware', () => {
  const trace = (name: string, calls: string[]): Middleware => ({
    processRequest(request) {
      calls.push(`${name} in`)
      return request.query.get('stop') === name ? new HttpResponse(`stopped by ${name}`) : undefined
    },
    processResponse(_request, response) {
      calls.push(`${name} out ${response.status}`)
      return response
    },
  })

  it('wraps the view in the order of the settings', async () => {
    const calls: string[] = []
    const client = site({ urlpatterns: [path('', hello)], middleware: [trace('a', calls), trace('b', calls)] })
    await client.get('/')
    expect(calls).toEqual(['a in', 'b in', 'b out 200', 'a out 200'])
  })

  it('may answer by itself, and what is outside sees that answer', async () => {
    const calls: string[] = []
    const client = site({ urlpatterns: [path('', hello)], middleware: [trace('a', calls), trace('b', calls)] })
    expect((await client.get('/?stop=b')).text).toBe('stopped by b')
    expect(calls).toEqual(['a in', 'b in', 'a out 200'])
  })

  it('sees errors as responses, of the view and of inner layers, thrown or rejected', async () => {
    const calls: string[] = []
    const failing: Middleware = {
      processRequest(request) {
        if (request.query.has('fail')) throw new Error('layer')
        return undefined
      },
    }
    const urlpatterns = [path('404/', () => Promise.reject(new Http404()))]
    const client = site({ urlpatterns, middleware: [trace('a', calls), failing] })
    await client.get('/404/')
    await client.get('/404/?fail')
    expect(calls).toEqual(['a in', 'a out 404', 'a in', 'a out 500'])
  })
})

describe('the slash at the end', () => {
  const urlpatterns = [path('notes/', hello), path('<path:any>/', hello)]

  it('is added where only that path exists, keeping query and method', async () => {
    const response = await site({ urlpatterns }).get('/notes?q=%20', { environ: { scriptName: '/app' } })
    expect([response.status, response.header('location')]).toEqual([308, '/app/notes/?q=%20'])
  })

  it('never leads to another site', async () => {
    expect((await site({ urlpatterns }).get('//evil.example')).header('location')).toBe('/%2Fevil.example/')
  })

  it('is not added when settings say so', async () => {
    expect((await site({ urlpatterns, appendSlash: false }).get('/notes')).status).toBe(404)
  })

  it('leads from a mount’s own path to its root', async () => {
    const response = await site({ urlpatterns: [path('', hello)] }).get('', { environ: { scriptName: '/app' } })
    expect([response.status, response.header('location')]).toEqual([308, '/app/'])
  })
})

describe('an error in production', () => {
  const urlpatterns = [
    path('boom/', () => {
      throw new Error('secret detail', { cause: new Error('deeper detail') })
    }),
    path('teapot/', () => {
      throw new HttpError(418, 'secret reason', ['retry-after', '10'])
    }),
  ]

  it('is logged with its stack and cause, and tells the client nothing', async () => {
    const client = site({ urlpatterns })
    const response = await client.get('/boom/')
    expect(response.status).toBe(500)
    expect(response.text).toContain('500 Internal Server Error')
    expect(response.text).not.toContain('detail')
    expect(client.log).toHaveLength(1)
    expect(client.log[0]).toMatch(/^GET \/boom\/: Error: secret detail\n +at .*application\.test\.ts/)
    expect(client.log[0]).toContain('deeper detail')
  })

  it('shows status and fields of an HttpError, and logs nothing', async () => {
    const client = site({ urlpatterns })
    const response = await client.get('/teapot/')
    expect([response.status, response.header('retry-after'), client.log]).toEqual([418, '10', []])
    expect(response.text).not.toContain('secret reason')
  })

  it('is answered by a view of one’s own', async () => {
    const errorViews = { 404: (_: HttpRequest, status: number) => new HttpResponse('Nothing here', { status }) }
    expect((await site({ urlpatterns, errorViews }).get('/nowhere/')).text).toBe('Nothing here')
  })

  it('in an error view is logged as well, and answered plainly', async () => {
    const errorViews = {
      500: () => {
        throw new Error('again')
      },
    }
    const client = site({ urlpatterns, errorViews })
    const response = await client.get('/boom/')
    expect([response.status, client.log.length]).toEqual([500, 2])
    expect(response.text).toContain('500 Internal Server Error')
  })

  it('of reading the body keeps its status', async () => {
    const cut = (): never => {
      throw Object.assign(new Error('cut short'), { status: 408 })
    }
    expect((await site({ urlpatterns: [path('', cut)] }).get('/')).status).toBe(408)
  })
})

describe('an error in development', () => {
  const urlpatterns = [path('boom/', brokenView), path('notes/<int:id>/', hello, 'note')]

  it('is shown with its stack, causes and source lines, escaped', async () => {
    const client = site({ urlpatterns, development: true })
    const response = await client.get('/boom/', { headers: ['authorization', `Basic ${btoa('secret')}`] })
    expect(response.status).toBe(500)
    expect(response.text).toContain('TypeError: &lt;b&gt;no&lt;/b&gt;')
    expect(response.text).toContain('Caused by Error: deeper')
    expect(response.text).toMatch(/class="hot"> *\d+ +throw new TypeError\(/)
    expect(response.text).toMatch(/<details class="own" open>\n<summary>at \S*brokenView/)
    expect(response.text).toMatch(
      /<details class="foreign">\n<summary>\d+ calls in Node and packages<\/summary>\n<p>at callView/,
    )
    expect(response.text).not.toContain(btoa('secret'))
  })

  it('that is a 404 lists the patterns that were tried', async () => {
    const response = await site({ urlpatterns, development: true }).get('/nots/')
    expect(response.status).toBe(404)
    expect(response.text).toMatch(/<li>\/boom\/<\/li><li>\/notes\/&lt;int:id&gt;\/ <small>\(note\)<\/small><\/li>/)
    expect(response.text).not.toContain('withSlash')
  })

  it('that is the client’s is shown as well, or by a view of one’s own, which has the reason logged', async () => {
    const refused = path('refused/', () => {
      throw new HttpError(403, 'because of the reason')
    })
    expect((await site({ urlpatterns: [refused], development: true }).get('/refused/')).text).toContain(
      'because of the',
    )
    const errorViews = { 403: () => new HttpResponse('No.', { status: 403 }) }
    const client = site({ urlpatterns: [refused], development: true, errorViews })
    expect((await client.get('/refused/')).text).toBe('No.')
    expect(client.log).toEqual(['GET /refused/: 403, because of the reason\n'])
  })

  it('that is no Error is shown all the same', async () => {
    const thrown = path('thrown/', () => {
      throw 'a string' // oxlint-disable-line no-throw-literal
    })
    expect((await site({ urlpatterns: [thrown], development: true }).get('/thrown/')).text).toContain('a string')
  })
})

describe('lifespan', () => {
  it('hands startup and shutdown of the settings to the server', async () => {
    const calls: string[] = []
    const app = application({
      urlpatterns: [],
      startup: () => void calls.push('startup'),
      shutdown: () => void calls.push('shutdown'),
    })
    await app.startup?.()
    await app.shutdown?.()
    expect(calls).toEqual(['startup', 'shutdown'])
    expect(application({ urlpatterns: [] }).startup).toBeUndefined()
  })
})
