import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePath, hasDotfile } from './request-path.ts'

const decode = (path: string) => decodePath(path, false)

describe('decodePath', () => {
  it.each([
    ['/', [], true],
    ['', [], false],
    ['/a', ['a'], false],
    ['/a/b.txt', ['a', 'b.txt'], false],
    ['/a/b/', ['a', 'b'], true],
    ['/%61', ['a'], false],
    ['/a%20b', ['a b'], false],
    ['/%C3%A9t%C3%A9', ['été'], false],
    ['/100%25', ['100%'], false],
    ['/%252e%252e/x', ['%2e%2e', 'x'], false],
    ['/...', ['...'], false],
    ['/..a/b..', ['..a', 'b..'], false],
    ['/a+b', ['a+b'], false],
  ])('decodes each segment of %j once', (path, segments, folder) => {
    expect(decode(path)).toEqual({ segments, folder })
  })

  it.each([
    '/%',
    '/%2',
    '/%zz',
    '/%00',
    '/a%00.txt',
    '/a\0',
    '/%c0%ae%c0%ae/x',
    '/%e0%80%af',
    '/%f0%80%80%af',
    '/%ed%a0%80',
    '/%ff',
    '/%e9',
    '/..%2f%',
    '/../%00',
  ])('%j is malformed', (path) => {
    expect(decode(path)).toBe('malformed')
  })

  it.each([
    '/..',
    '/../x',
    '/a/../b',
    '/.',
    '/./a',
    '/%2e%2e/x',
    '/.%2e/x',
    '/%2E%2E',
    '/%2e',
    '//',
    '//a',
    '/a//b',
    '/a//',
    '/a%2fb',
    '/..%2fx',
    '/%2f',
    '/a%5cb',
    '/..%5c..%5cx',
    '/a\\b',
    '*',
    'a',
  ])('%j names no file', (path) => {
    expect(decode(path)).toBe('unfit')
  })

  it.each(['/a:b', '/c:', '/file.txt::$DATA', '/GIT~1', '/a.', '/a%20', '/con', '/NUL.txt', '/a*', '/a%3fb'])(
    '%j names no file on Windows',
    (path) => {
      expect(decodePath(path, true)).toBe('unfit')
      expect(decodePath(path, false)).toMatchObject({ folder: false })
    },
  )

  it('gives names only that cannot lead out of a folder', () => {
    const piece = fc.constantFrom('.', '..', '/', '\\', '%2e', '%2f', '%5c', '%00', '%', '%c0%ae', 'a', '\0', '%25')
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const path = decode(`/${pieces.join('')}`)
        if (typeof path === 'string') return
        for (const segment of path.segments) {
          expect(segment).not.toMatch(/^\.{0,2}$/)
          expect(segment).not.toMatch(/[/\\\0]/)
        }
      }),
    )
  })
})

it.each([
  [['.env'], true],
  [['a', '.git', 'config'], true],
  [['a', '.well-known'], true],
  [['.well-known', '.secret'], true],
  [['.well-known-x'], true],
  [['.well-known'], false],
  [['.well-known', 'security.txt'], false],
  [['a.b', 'c'], false],
])('%j has a dotfile: %s', (segments, has) => {
  expect(hasDotfile({ segments, folder: false })).toBe(has)
})
