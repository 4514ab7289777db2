import { assert, constantFrom, integer, oneof, property, string, stringMatching } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testEnviron } from '../../test/environ.ts'
import { normalUrl, rawUrl } from './request-url.ts'

describe('the URL of a request', () => {
  test.each([
    [{}, 'http://localhost:3000/'],
    [{ pathInfo: '' }, 'http://localhost:3000/'],
    [{ scriptName: '/mount', pathInfo: '/page' }, 'http://localhost:3000/mount/page'],
    [{ scriptName: '/mount', pathInfo: '' }, 'http://localhost:3000/mount'],
    [{ queryString: 'a=1&b=%20' }, 'http://localhost:3000/?a=1&b=%20'],
    [{ serverPort: 80 }, 'http://localhost/'],
    [{ serverPort: 443 }, 'http://localhost:443/'],
    [{ urlScheme: 'https', serverPort: 443 }, 'https://localhost/'],
    [{ serverPort: null }, 'http://localhost/'],
    [{ serverName: 'EXAMPLE.org' }, 'http://example.org:3000/'],
    [{ serverName: '[::1]' }, 'http://[::1]:3000/'],
    [{ serverName: '127.1' }, 'http://127.0.0.1:3000/'],
    [{ pathInfo: '//double//slash' }, 'http://localhost:3000//double//slash'],
    [{ pathInfo: '/a%2Fb/%C3%A9' }, 'http://localhost:3000/a%2Fb/%C3%A9'],
    [{ pathInfo: '*', requestMethod: 'OPTIONS' }, 'http://localhost:3000/*'],
    [{ pathInfo: '/a/../b' }, 'http://localhost:3000/b'],
    [{ pathInfo: '/a/%2e%2E/b' }, 'http://localhost:3000/b'],
    [{ queryString: "q='" }, 'http://localhost:3000/?q=%27'],
  ] as const)('of %j is %s', (data, url) => {
    expect(normalUrl(testEnviron(data))).toBe(url)
    expect(new URL(rawUrl(testEnviron(data))).href).toBe(url)
  })

  test('is refused where the host makes none', () => {
    expect(() => normalUrl(testEnviron({ serverName: '1.2.3.4.5' }))).toThrow(TypeError)
  })

  test('is what the URL parser makes of it, for all that a server lets through', () => {
    const visible = integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
    const text = string({ unit: visible.filter((char) => char !== '#' && char !== '\\') })
    const path = oneof(text, stringMatching(/^(\/|\.|%2e|%2E|a|%41|~){0,8}$/)).map(
      (rest) => `/${rest.replaceAll('?', '')}`,
    )
    const host = stringMatching(/^[a-zA-Z0-9-]{1,8}(\.[a-zA-Z0-9-]{1,8}){0,4}$/)
    assert(
      property(host, constantFrom(null, 80, 443, 8080), path, text, (serverName, serverPort, pathInfo, queryString) => {
        const environ = testEnviron({ serverName, serverPort, pathInfo, queryString })
        const parsed = URL.parse(rawUrl(environ))
        if (parsed !== null) expect(normalUrl(environ)).toBe(parsed.href)
        else expect(() => normalUrl(environ)).toThrow(TypeError)
      }),
      { numRuns: 2000 },
    )
  })

  test('forgets hosts rather than keep what clients make up', () => {
    for (let i = 0; i < 3000; i++) normalUrl(testEnviron({ serverName: `h${i}` }))
    expect(normalUrl(testEnviron({ serverName: 'H1' }))).toBe('http://h1:3000/')
  })
})
