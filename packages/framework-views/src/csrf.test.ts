import { describe, expect, it } from 'vitest'
import { Client } from '../test/client.ts'
import {
  application,
  csrfExempt,
  csrfField,
  CsrfMiddleware,
  csrfToken,
  HttpResponse,
  path,
  type ViewFunction,
} from './index.ts'

const saved: ViewFunction = async (request) =>
  new HttpResponse(`saved ${request.hasForm ? String((await request.form()).get('title')) : ''}`)

const urlpatterns = [
  path('page/', () => new HttpResponse('no form here')),
  path('form/', (request) => new HttpResponse(csrfField(request).markup)),
  path('token/', (request) => new HttpResponse(csrfToken(request))),
  path('save/', saved),
  path(
    'hook/',
    csrfExempt(() => new HttpResponse('hooked')),
  ),
]
const app = application({
  urlpatterns,
  development: true,
  middleware: [new CsrfMiddleware({ trustedOrigins: ['https://forms.example'] })],
})

async function withToken(): Promise<[Client, string]> {
  const client = new Client(app)
  return [client, (await client.get('/token/')).text]
}

describe('a form with its token', () => {
  it('is taken, and its fields reach the view', async () => {
    const client = new Client(app)
    const [, csrf_token = ''] =
      /^<input type="hidden" name="csrf_token" value="([\w-]{86})">$/.exec((await client.get('/form/')).text) ?? []
    const response = await client.post('/save/', { csrf_token, title: 'Tea' })
    expect([response.status, response.text]).toEqual([200, 'saved Tea'])
  })

  it('is taken as multipart too', async () => {
    const [client, token] = await withToken()
    const form = new FormData()
    form.append('csrf_token', token)
    form.append('title', 'Tea')
    expect((await client.post('/save/', form)).text).toBe('saved Tea')
  })

  it('is taken from a page opened earlier: each page has its own token, all of one secret', async () => {
    const [client, first] = await withToken()
    const second = (await client.get('/token/')).text
    expect(second).not.toBe(first)
    expect((await client.post('/save/', { csrf_token: first })).status).toBe(200)
    expect((await client.post('/save/', { csrf_token: second })).status).toBe(200)
  })

  it('may send it in a field of the head, and the body is then not read', async () => {
    const [client, token] = await withToken()
    const options = { method: 'DELETE', headers: ['x-csrf-token', token] }
    expect((await client.request('/save/', options)).status).toBe(200)
  })
})

describe('a forged form', () => {
  it('is refused without a token, with a wrong one, and with another visitor’s', async () => {
    const [client, token] = await withToken()
    const [, foreign] = await withToken()
    const wrong = (token.startsWith('A') ? 'B' : 'A') + token.slice(1)
    for (const csrf_token of ['', 'x', wrong, foreign]) {
      const response = await client.post('/save/', { csrf_token })
      expect(response.status, csrf_token).toBe(403)
      expect(response.text).toContain('put csrfField() into the form')
    }
    expect((await client.post('/save/', {})).status).toBe(403)
  })

  it('is refused without the cookie, whatever its token', async () => {
    const [, csrf_token] = await withToken()
    expect((await new Client(app).post('/save/', { csrf_token })).status).toBe(403)
    const client = new Client(app)
    client.cookies.set('csrf', '')
    expect((await client.post('/save/', { csrf_token: '' })).status).toBe(403)
  })

  it('is refused from another site even with the right token, by any unsafe method', async () => {
    const [client, token] = await withToken()
    for (const origin of [
      'https://evil.example',
      'null',
      'https://site.test',
      'http://site.test:8080',
      'http://site.test.evil.example',
    ]) {
      const response = await client.request('/save/', {
        method: 'PUT',
        headers: ['x-csrf-token', token, 'origin', origin],
      })
      expect(response.status, origin).toBe(403)
      expect(response.text).toContain(`came from ${origin}, and this site is http://site.test`)
    }
  })

  it('is refused as JSON and as plain text too', async () => {
    const [client] = await withToken()
    for (const type of ['application/json', 'text/plain']) {
      const request = { method: 'POST', body: '{}', headers: ['content-type', type] }
      expect((await client.request('/save/', request)).status).toBe(403)
    }
  })
})

it('takes forms of its own origin, of trusted ones, and requests that are no browser’s', async () => {
  const [client, token] = await withToken()
  for (const origin of [['origin', 'http://site.test'], ['origin', 'https://forms.example'], []]) {
    expect(
      (await client.request('/save/', { method: 'POST', headers: ['x-csrf-token', token, ...origin] })).status,
    ).toBe(200)
  }
})

it('lets an exempt view take requests from anywhere', async () => {
  const response = await new Client(app).request('/hook/', {
    method: 'POST',
    headers: ['origin', 'https://evil.example'],
  })
  expect(response.text).toBe('hooked')
})

it('sets its cookie only where a token was asked for, and once', async () => {
  const client = new Client(app)
  expect((await client.get('/page/')).header('set-cookie')).toBeUndefined()
  const first = await client.get('/form/')
  expect(first.header('set-cookie')).toMatch(/^csrf=[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/)
  expect(first.header('vary')).toBe('cookie')
  expect((await client.get('/form/')).header('set-cookie')).toBeUndefined()
})

it('uses a cookie over https that no other host can set', async () => {
  const response = await new Client(app).get('/form/', { environ: { urlScheme: 'https', serverPort: 443 } })
  expect(response.header('set-cookie')).toMatch(/^__Host-csrf=[\w-]{43}; .*; Secure; SameSite=Lax$/)
})
