import { describe, expect, it } from 'vitest'
import { ANY_METHOD, Router } from './router.ts'

function routerOf(...patterns: readonly string[]): Router<string> {
  const router = new Router<string>()
  for (const pattern of patterns) {
    const [method = '', path = ''] = pattern.split(' ')
    router.add(method, path, pattern)
  }
  return router
}

describe('Router', () => {
  it('matches a literal path, and nothing that only resembles it', () => {
    const router = routerOf('GET /about')
    expect(router.match('GET', '/about')?.target).toBe('GET /about')
    for (const path of ['/', '', '/abou', '/about/', '/About', '//about', '/about/x']) {
      expect(router.match('GET', path)).toBeUndefined()
    }
  })

  it('gives parameters by name', () => {
    const router = routerOf('GET /shop/:section/items/:id')
    expect(router.match('GET', '/shop/toys/items/7')?.params).toEqual({ section: 'toys', id: '7' })
    expect(router.match('GET', '/shop/toys/items/')).toBeUndefined()
    expect(router.match('GET', '/shop//items/7')).toBeUndefined()
  })

  it('gives a tail as segments, at least one', () => {
    const router = routerOf('GET /files/:user/*path')
    expect(router.match('GET', '/files/me/a/b%2Fc/')?.params).toEqual({ user: 'me', path: ['a', 'b/c', ''] })
    expect(router.match('GET', '/files/me')).toBeUndefined()
  })

  it('takes a tail without a name', () => {
    expect(routerOf('GET /files/*').match('GET', '/files/a/b')?.params).toEqual({})
  })

  it('decodes each segment once', () => {
    const router = routerOf('GET /admin', 'GET /café/100%', 'GET /:a/:b')
    expect(router.match('GET', '/%61dmin')?.target).toBe('GET /admin')
    expect(router.match('GET', '/caf%C3%A9/100%25')?.target).toBe('GET /café/100%')
    expect(router.match('GET', '/x%2Fy/%2541')?.params).toEqual({ a: 'x/y', b: '%41' })
  })

  it('does not take text with a bad escape for a path that was registered decoded', () => {
    expect(routerOf('GET /100%').match('GET', '/100%')).toBeUndefined()
    expect(routerOf('GET /100%').match('GET', '/100%25')).toBeDefined()
  })

  it.each(['/%', '/%4', '/%zz', '/%ff', '/%c0%af', '/%ed%a0%80'])(
    'matches nothing where an escape does not decode: %s',
    (path) => {
      expect(routerOf('GET /:x').match('GET', path)).toBeUndefined()
    },
  )

  it('prefers a literal to a parameter and that to a tail, segment by segment', () => {
    const router = routerOf('GET /a/*rest', 'GET /a/:x', 'GET /a/b', 'GET /a/:x/c', 'GET /a/b/d', 'GET /:y/b/e')
    expect(router.match('GET', '/a/b')?.target).toBe('GET /a/b')
    expect(router.match('GET', '/a/z')?.target).toBe('GET /a/:x')
    expect(router.match('GET', '/a/b/c')?.target).toBe('GET /a/:x/c')
    expect(router.match('GET', '/a/b/d')?.target).toBe('GET /a/b/d')
    expect(router.match('GET', '/a/b/e')?.target).toBe('GET /a/*rest')
    expect(router.match('GET', '/q/b/e')?.target).toBe('GET /:y/b/e')
  })

  it('does not let a route without the method hide one that has it', () => {
    const router = routerOf('POST /login', 'GET /:page', 'DELETE /*all')
    expect(router.match('GET', '/login')?.target).toBe('GET /:page')
    expect(router.match('DELETE', '/login')?.target).toBe('DELETE /*all')
    expect(router.match('PUT', '/login')).toBeUndefined()
    expect(router.allowed(['login'])).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST'])
  })

  it('answers HEAD by GET unless HEAD has a route of its own', () => {
    const router = routerOf('GET /a', 'GET /b', 'HEAD /b')
    expect(router.match('HEAD', '/a')?.target).toBe('GET /a')
    expect(router.match('HEAD', '/b')?.target).toBe('HEAD /b')
  })

  it('takes every method where a route says so, after those with a route of their own', () => {
    const router = routerOf(`${ANY_METHOD} /a`, 'GET /a')
    expect(router.match('GET', '/a')?.target).toBe('GET /a')
    expect(router.match('PURGE', '/a')?.target).toBe('* /a')
  })

  it('takes the root with and without its slash', () => {
    expect(routerOf('GET /').match('GET', '')?.target).toBe('GET /')
    expect(routerOf('GET /').match('GET', '/')?.target).toBe('GET /')
  })

  it('lists no method where there is no route', () => {
    expect(routerOf('GET /a/:b').allowed(['a'])).toEqual([])
  })

  it('has parameters of its own for each method of a path', () => {
    const router = routerOf('GET /:id', 'PUT /:name')
    expect(router.match('GET', '/x')?.params).toEqual({ id: 'x' })
    expect(router.match('PUT', '/x')?.params).toEqual({ name: 'x' })
  })

  it('is not fooled by names of Object.prototype', () => {
    const router = routerOf('GET /:id')
    expect(router.match('GET', '/constructor')?.params).toEqual({ id: 'constructor' })
    expect(router.match('constructor', '/x')).toBeUndefined()
  })

  it.each([
    ['about', 'must begin with "/"'],
    ['/a/*rest/b', 'last segment'],
    ['/:', 'does not name'],
    ['/:a-b', 'does not name'],
    ['/:__proto__', 'does not name'],
    ['/:a/:a', '"a" twice'],
  ])('refuses the pattern %s', (pattern, reason) => {
    expect(() => new Router<string>().add('GET', pattern, '')).toThrow(reason)
  })

  it('refuses a second route for one method and path', () => {
    expect(() => routerOf('GET /a/:x', 'GET /a/:y')).toThrow('already')
    expect(() => routerOf('GET /a', 'GET /a')).toThrow('already')
  })

  it('needs no longer with a thousand routes than with ten', () => {
    const few = routerOf(...Array.from({ length: 10 }, (_, i) => `GET /s${i}/:id/edit`))
    const many = routerOf(...Array.from({ length: 1000 }, (_, i) => `GET /s${i}/:id/edit`))
    const paths = ['/s3/7/edit', '/s7/x/edit']
    const time = (router: Router<string>): number => {
      const start = process.cpuUsage()
      for (let i = 0; i < 100_000; i += 1) router.match('GET', paths[i & 1] as string)
      return process.cpuUsage(start).user
    }
    const ratios = Array.from({ length: 5 }, () => time(many) / time(few))
    expect(Math.min(...ratios)).toBeLessThan(2)
  })
})
