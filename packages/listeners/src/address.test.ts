import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absolutePath, formatTarget, parseTarget, urlOf } from './address.ts'

describe('an address', () => {
  it.each([
    ['127.0.0.1:3000', { host: '127.0.0.1', port: 3000 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['[fe80::1%eth0]:80', { host: 'fe80::1%eth0', port: 80 }],
    ['unix:/run/site.sock', { path: '/run/site.sock' }],
    ['unix:site.sock', { path: 'site.sock' }],
    ['unix:./@site', { path: './@site' }],
    ['unix:@site', { path: '\0site' }],
    ['fd:3', { fd: 3 }],
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
    'http://a:1',
  ])('%j is not an address', (text) => {
    expect(parseTarget(text)).toBe(undefined)
  })

  it('is read as it was written, whatever it is', () => {
    const target = fc.oneof(
      fc.record({ host: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), port: fc.integer({ min: 0, max: 65_535 }) }),
      fc.record({ path: fc.string({ minLength: 1 }).filter((path) => !/^[@\0]/.test(path)) }),
      fc.record({ path: fc.string({ minLength: 1 }).map((name) => `\0${name}`) }),
      fc.record({ fd: fc.integer({ min: 0, max: 999_999_999 }) }),
    )
    fc.assert(fc.property(target, (target) => void expect(parseTarget(formatTarget(target))).toEqual(target)))
  })
})

it('gives wildcard addresses the URL of this machine', () => {
  expect(urlOf({ family: 'IPv6', host: '::', port: 80 })).toBe('http://localhost:80/')
  expect(urlOf({ family: 'IPv6', host: '::1', port: 80 })).toBe('http://[::1]:80/')
})

it('makes paths absolute and leaves names as they are', () => {
  expect(absolutePath('socket', '/run')).toBe('/run/socket')
  expect(absolutePath('\0socket', '/run')).toBe('\0socket')
})
