import { expect, it } from 'vitest'
import { contentType } from './content-type.ts'

it.each([
  ['index.html', 'text/html; charset=utf-8'],
  ['style.css', 'text/css; charset=utf-8'],
  ['notes.txt', 'text/plain; charset=utf-8'],
  ['app.js', 'text/javascript; charset=utf-8'],
  ['app.mjs', 'text/javascript; charset=utf-8'],
  ['APP.MIN.JS', 'text/javascript; charset=utf-8'],
  ['data.json', 'application/json'],
  ['icon.svg', 'image/svg+xml'],
  ['photo.jpg', 'image/jpeg'],
  ['font.woff2', 'font/woff2'],
  ['module.wasm', 'application/wasm'],
  ['site.webmanifest', 'application/manifest+json'],
  ['favicon.ico', 'image/vnd.microsoft.icon'],
  ['archive.tar.gz', 'application/gzip'],
  ['README', 'application/octet-stream'],
  ['html', 'application/octet-stream'],
  ['.html', 'application/octet-stream'],
  ['a.', 'application/octet-stream'],
  ['a.unheard-of', 'application/octet-stream'],
  ['a.constructor', 'application/octet-stream'],
  ['a.__proto__', 'application/octet-stream'],
])('%s is %s', (name, type) => {
  expect(contentType(name, new Map())).toBe(type)
})

it('prefers the types it is given, to the letter', () => {
  const types = new Map([
    ['ts', 'text/plain; charset=utf-8'],
    ['html', 'application/xhtml+xml'],
  ])
  expect(contentType('app.TS', types)).toBe('text/plain; charset=utf-8')
  expect(contentType('index.html', types)).toBe('application/xhtml+xml')
  expect(contentType('app.js', types)).toBe('text/javascript; charset=utf-8')
})
