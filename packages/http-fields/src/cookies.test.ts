import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCookies, serializeCookie } from './cookies.ts'

describe('parseCookies', () => {
  it('reads names and values', () => {
    expect({ ...parseCookies('a=1; b=two;c=three') }).toEqual({ a: '1', b: 'two', c: 'three' })
  })

  it('decodes what decodes and leaves the rest as sent', () => {
    expect({ ...parseCookies('name=J%C3%BCrgen; rate=100%') }).toEqual({ name: 'Jürgen', rate: '100%' })
  })

  it('takes the first of two cookies with one name', () => {
    expect(parseCookies('id=deep; id=shallow')['id']).toBe('deep')
  })

  it('has nothing that was not sent', () => {
    const cookies = parseCookies('a=1')
    expect(cookies['constructor']).toBeUndefined()
    expect(cookies['__proto__']).toBeUndefined()
  })

  it('keeps a cookie called __proto__ to itself', () => {
    const cookies = parseCookies('__proto__=x; a=1')
    expect(cookies['__proto__']).toBe('x')
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  it('ignores pairs without an equals sign', () => {
    expect({ ...parseCookies('junk; a=1; ') }).toEqual({ a: '1' })
  })
})

describe('serializeCookie', () => {
  it('writes every attribute', () => {
    const field = serializeCookie('id', 'x y', {
      maxAge: 60,
      expires: new Date(0),
      domain: 'example.org',
      path: '/shop',
      httpOnly: true,
      secure: true,
      sameSite: 'none',
      partitioned: true,
    })
    expect(field).toBe(
      'id=x%20y; Max-Age=60; Domain=example.org; Path=/shop; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; Partitioned; SameSite=None',
    )
  })

  it('takes undefined for an absent attribute', () => {
    expect(serializeCookie('a', '1', { path: undefined, maxAge: undefined })).toBe('a=1')
  })

  it('never lets a value out of its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (value) => {
        const field = serializeCookie('a', value.toWellFormed(), { path: '/' })
        expect(field).toMatch(/^a=[!#-+\--:<-[\]-~]*; Path=\/$/)
        expect(parseCookies(field.slice(0, -'; Path=/'.length))['a']).toBe(value.toWellFormed())
      }),
    )
  })

  it.each([
    ['a name that is no token', 'a"b', {}, 'must be a token'],
    ['an empty name', '', {}, 'must be a token'],
    ['a path without its slash', 'a', { path: 'shop' }, 'must begin with "/"'],
    ['a path that would add an attribute', 'a', { path: '/; Domain=evil.example' }, 'path is invalid'],
    ['a domain that would add an attribute', 'a', { domain: 'a.example; Secure' }, 'domain is invalid'],
    ['a line break in the domain', 'a', { domain: 'a.example\r\nx: y' }, 'domain is invalid'],
    ['half a second', 'a', { maxAge: 0.5 }, 'maxAge is invalid'],
    ['a date that is none', 'a', { expires: new Date(Number.NaN) }, 'expires is invalid'],
    ['sameSite none without secure', 'a', { sameSite: 'none' }, 'needs secure'],
    ['partitioned without secure', 'a', { partitioned: true }, 'needs secure'],
    ['__Secure- without secure', '__Secure-a', {}, 'needs secure'],
    ['__Host- with a domain', '__Host-a', { secure: true, path: '/', domain: 'a.example' }, 'no domain'],
    ['__host- in small letters, without a path', '__host-a', { secure: true }, 'needs path'],
  ] as const)('refuses %s', (_, name, options, reason) => {
    expect(() => serializeCookie(name, 'v', options)).toThrow(reason)
  })

  it('refuses what a browser would drop for its length, and takes one byte less', () => {
    expect(() => serializeCookie('a', 'x'.repeat(4096))).toThrow('at most')
    expect(serializeCookie('a', 'x'.repeat(4095), { path: '/' })).toContain('; Path=/')
  })
})
