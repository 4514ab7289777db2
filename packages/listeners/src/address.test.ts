import type { ListenTarget } from '@tsgi/spec/server'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absolutePath, formatTarget, parseTarget, urlOf } from './address.ts'

describe('an address', () => {
  it.each<[string, ListenTarget]>([
    ['127.0.0.1:3000', { host: '127.0.0.1', port: 3000 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['[fe80::1%eth0]:80', { host: 'fe80::1%eth0', port: 80 }],
    ['unix:/run/site.sock', { path: '/run/site.sock' }],
    ['unix:site.sock', { path: 'site.sock' }],
    ['unix:./@site', { path: './@site' }],
    ['unix:@site', { path: '\0site' }],
    ['fd:3', { fd: 3 }],
    ['https://0.0.0.0:8443', { host: '0.0.0.0', port: 8443, protocol: 'https' }],
    ['uwsgi://127.0.0.1:3031', { host: '127.0.0.1', port: 3031, protocol: 'uwsgi' }],
    ['uwsgi+unix:/run/app.sock', { path: '/run/app.sock', protocol: 'uwsgi' }],
    ['fastcgi://[::1]:9001', { host: '::1', port: 9001, protocol: 'fastcgi' }],
    ['fastcgi+fd:3', { fd: 3, protocol: 'fastcgi' }],
    ['127.0.0.1:3000?proxy-protocol', { host: '127.0.0.1', port: 3000, proxyProtocol: true }],
    ['uwsgi+unix:@app?proxy-protocol', { path: '\0app', protocol: 'uwsgi', proxyProtocol: true }],
  ])('%s is read, and written as it was', (text, target) => {
    expect(parseTarget(text)).toEqual(target)
    expect(formatTarget(target)).toBe(text)
  })

  it.each([
    '',
    '3000',
    ':3000',
    '::1:3000',
    '127.0.0.1',
    '127.0.0.1:65536',
    'unix:',
    'unix:@',
    'fd:x',
    'fd:-1',
    'http://a',
    'ftp://a:1',
    'uwsgi:127.0.0.1:3031',
    'uwsgi+127.0.0.1:3031',
    'uwsgi://unix:/run/app.sock',
    'https://a:1/path',
    '127.0.0.1:3000?other',
  ])('%j is not an address', (text) => {
    expect(parseTarget(text)).toBe(undefined)
  })

  it('names HTTP where it likes, which is what is spoken without a name', () => {
    expect(parseTarget('http://127.0.0.1:3000')).toEqual({ host: '127.0.0.1', port: 3000 })
    expect(parseTarget('http+unix:/a')).toEqual({ path: '/a' })
    expect(formatTarget({ path: '/a', protocol: 'http' })).toBe('unix:/a')
  })

  it('is read as it was written, whatever it is', () => {
    const place = fc.oneof(
      fc.record({ host: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), port: fc.integer({ min: 0, max: 65_535 }) }),
      fc.record({ path: fc.string({ minLength: 1 }).filter((path) => !/^[@\0]/.test(path)) }),
      fc.record({ path: fc.string({ minLength: 1 }).map((name) => `\0${name}`) }),
      fc.record({ fd: fc.integer({ min: 0, max: 999_999_999 }) }),
    )
    const options = fc.record(
      {
        protocol: fc.constantFrom('https' as const, 'uwsgi' as const, 'fastcgi' as const),
        proxyProtocol: fc.constant(true),
      },
      { requiredKeys: [] },
    )
    const target = fc.tuple(place, options).map(([place, options]) => ({ ...place, ...options }))
    fc.assert(fc.property(target, (target) => void expect(parseTarget(formatTarget(target))).toEqual(target)))
  })
})

it('gives wildcard addresses the URL of this machine', () => {
  expect(urlOf({ family: 'IPv6', host: '::', port: 80 })).toBe('http://localhost:80/')
  expect(urlOf({ family: 'IPv6', host: '::1', port: 80 })).toBe('http://[::1]:80/')
})

it('gives what a gateway speaks a URL without a path', () => {
  const tcp = { family: 'IPv4', host: '127.0.0.1', port: 3031 } as const
  expect(urlOf(tcp, { protocol: 'uwsgi' })).toBe('uwsgi://127.0.0.1:3031')
  expect(urlOf(tcp, { protocol: 'https' })).toBe('https://127.0.0.1:3031/')
  expect(urlOf({ family: 'unix', path: '/run/a' }, { protocol: 'fastcgi' })).toBe('fastcgi+unix://%2Frun%2Fa')
})

it('makes paths absolute and leaves names as they are', () => {
  expect(absolutePath('socket', '/run')).toBe('/run/socket')
  expect(absolutePath('\0socket', '/run')).toBe('\0socket')
})
