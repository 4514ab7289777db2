import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { Client } from '../test/client.ts'
import {
  application,
  HttpError,
  HttpResponse,
  JsonResponse,
  path,
  renewSession,
  SessionMiddleware,
  type SessionData,
  type SessionStore,
  type Settings,
} from './index.ts'

const secretKey = 's'.repeat(32)
const urlpatterns = [
  path('idle/', () => new HttpResponse('idle')),
  path('show/', (request) => new JsonResponse(request.session)),
  path('count/', (request) => {
    request.session['count'] = Number(request.session['count'] ?? 0) + 1
    return new HttpResponse(String(request.session['count']))
  }),
  path('nested/', (request) => {
    const list = (request.session['list'] ??= []) as number[]
    list.push(list.length)
    return new HttpResponse(String(list))
  }),
  path('forget/', (request) => {
    for (const name of Object.keys(request.session)) delete request.session[name]
    return new HttpResponse('forgotten')
  }),
  path('login/', (request) => {
    renewSession(request)
    request.session['user'] = 'me'
    return new HttpResponse('hello')
  }),
  path('fail/', (request) => {
    request.session['half'] = true
    throw new HttpError(Number(request.query.get('status')))
  }),
]

const site = (middleware: SessionMiddleware = new SessionMiddleware(), settings: Partial<Settings> = {}): Client =>
  new Client(application({ urlpatterns, secretKey, middleware: [middleware], development: false, ...settings }))

class MemoryStore implements SessionStore {
  readonly kept = new Map<string, string>()
  async load(key: string): Promise<SessionData | undefined> {
    const text = this.kept.get(key)
    return text === undefined ? undefined : (JSON.parse(text) as SessionData)
  }
  async save(key: string = randomUUID(), data: SessionData): Promise<string> {
    this.kept.set(key, JSON.stringify(data))
    return key
  }
  async remove(key: string): Promise<void> {
    this.kept.delete(key)
  }
}

describe.each([
  ['in a signed cookie', () => new SessionMiddleware()],
  ['in a store', () => new SessionMiddleware({ store: new MemoryStore() })],
])('a session %s', (_where, middleware) => {
  it('is kept from request to request, for each visitor by itself', async () => {
    const app = application({ urlpatterns, secretKey, middleware: [middleware()] })
    const [one, two] = [new Client(app), new Client(app)]
    expect([(await one.get('/count/')).text, (await one.get('/count/')).text, (await two.get('/count/')).text]).toEqual(
      ['1', '2', '1'],
    )
  })

  it('keeps a change deep inside', async () => {
    const client = site(middleware())
    expect([(await client.get('/nested/')).text, (await client.get('/nested/')).text]).toEqual(['0', '0,1'])
  })

  it('sets no cookie where nothing was changed, and varies only where it was read', async () => {
    const client = site(middleware())
    const idle = await client.get('/idle/')
    expect([idle.header('set-cookie'), idle.header('vary')]).toEqual([undefined, undefined])
    const show = await client.get('/show/')
    expect([show.header('set-cookie'), show.header('vary')]).toEqual([undefined, 'cookie'])
  })

  it('ends with its last value', async () => {
    const client = site(middleware())
    await client.get('/count/')
    expect((await client.get('/forget/')).header('set-cookie')).toMatch(
      /^session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    expect(client.cookies.size).toBe(0)
  })

  it('keeps nothing that a failing view wrote, and what one that refuses wrote', async () => {
    const client = site(middleware())
    await client.get('/fail/?status=500')
    expect((await client.get('/show/')).text).toBe('{}')
    await client.get('/fail/?status=403')
    expect((await client.get('/show/')).text).toBe('{"half":true}')
  })

  it('begins anew where the cookie is forged', async () => {
    const client = site(middleware())
    await client.get('/count/')
    client.cookies.set('session', `${client.cookies.get('session')}x`)
    expect((await client.get('/show/')).text).toBe('{}')
    expect((await client.get('/count/')).text).toBe('1')
  })
})

describe('a session cookie', () => {
  it('is hidden from scripts, bound to its host and to https where the request was', async () => {
    const plain = await site().get('/count/')
    expect(plain.header('set-cookie')).toMatch(/^session=[^;]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/)
    const secure = await site().get('/count/', { environ: { urlScheme: 'https' } })
    expect(secure.header('set-cookie')).toMatch(
      /^__Host-session=[^;]+; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  it('has the name and the age that are asked for', async () => {
    const response = await site(new SessionMiddleware({ cookieName: 'visit', maxAge: 60 })).get('/count/')
    expect(response.header('set-cookie')).toMatch(/^visit=[^;]+; Max-Age=60;/)
  })

  it('is worthless when too old, and survives a change of keys', async () => {
    const client = site(new SessionMiddleware({ maxAge: 60 }))
    await client.get('/count/')
    const rotated = site(new SessionMiddleware({ maxAge: 60 }), {
      secretKey: 'r'.repeat(32),
      secretKeyFallbacks: [secretKey],
    })
    rotated.cookies.set('session', client.cookies.get('session') as string)
    expect((await rotated.get('/show/')).text).toBe('{"count":1}')
    vi.useFakeTimers({ now: Date.now() + 62_000, toFake: ['Date'] })
    expect((await rotated.get('/show/')).text).toBe('{}')
    vi.useRealTimers()
  })

  it('that is too large is an error that says so', async () => {
    const large = path('', (request) => {
      request.session['text'] = 'x'.repeat(4000)
      return new HttpResponse('')
    })
    const client = site(undefined, { urlpatterns: [large] })
    expect((await client.get('/')).status).toBe(500)
    expect(client.log.join('')).toContain('cookie "session" was not set: name and value must be at most')
  })
})

describe('a store', () => {
  it('gets a new key at a login, and loses the former', async () => {
    const store = new MemoryStore()
    const client = site(new SessionMiddleware({ store }))
    await client.get('/count/')
    const former = client.cookies.get('session') as string
    await client.get('/login/')
    expect(client.cookies.get('session')).not.toBe(former)
    expect([...store.kept.keys()]).toEqual([client.cookies.get('session')])
    expect((await client.get('/show/')).text).toBe('{"count":1,"user":"me"}')
  })

  it('loses a session that ended', async () => {
    const store = new MemoryStore()
    const client = site(new SessionMiddleware({ store }))
    await client.get('/count/')
    await client.get('/forget/')
    expect(store.kept.size).toBe(0)
  })
})

it('is missed with a word about the middleware', async () => {
  const client = new Client(application({ urlpatterns, development: false }))
  expect((await client.get('/count/')).status).toBe(500)
  expect(client.log.join('')).toContain('there is no SessionMiddleware in settings')
})

it('needs a secret key before the first request', () => {
  expect(() => application({ urlpatterns, middleware: [new SessionMiddleware()] })).toThrow(
    'settings.secretKey of at least 32 random characters is needed for session',
  )
})
