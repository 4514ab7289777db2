import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatModule, formatReference, parseReference } from './reference.ts'

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tsgi-reference-'))
  writeFileSync(join(cwd, 'plain'), '')
  writeFileSync(join(cwd, 'odd:name'), '')
})
afterAll(() => rmSync(cwd, { recursive: true }))

const file = (name: string) => pathToFileURL(join(cwd, name)).href

describe('parseReference', () => {
  it.each([
    ['app.ts', { module: 'app.ts' }],
    ['app.ts:site', { module: 'app.ts', export: 'site' }],
    ['./a/app.mjs:$x', { module: 'a/app.mjs', export: '$x' }],
    ['../app', { module: '../app' }],
    ['plain', { module: 'plain' }],
    ['plain:default', { module: 'plain', export: 'default' }],
  ])('reads %s as a file', (text, { module, ...rest }) => {
    expect(parseReference(text, cwd)).toEqual({ module: file(module), ...rest })
  })

  it.each([
    ['my-site', { module: 'my-site' }],
    ['@acme/site/app:admin', { module: '@acme/site/app', export: 'admin' }],
  ])('reads %s as a package', (text, expected) => {
    expect(parseReference(text, cwd)).toEqual(expected)
  })

  it('takes a colon for a part of the name where such a file is there', () => {
    expect(parseReference('odd:name', cwd)).toEqual({ module: file('odd:name') })
  })

  it('takes absolute paths and file URLs', () => {
    expect(parseReference('/srv/app.ts:x', cwd)).toEqual({ module: 'file:///srv/app.ts', export: 'x' })
    expect(parseReference('file:///srv/app.ts:x', cwd)).toEqual({ module: 'file:///srv/app.ts', export: 'x' })
  })
})

describe('formatReference', () => {
  it('gives back what would be typed', () => {
    expect(formatReference(parseReference('a/app.ts:site', cwd), cwd)).toBe('a/app.ts:site')
    expect(formatReference({ module: 'my-site' }, cwd)).toBe('my-site')
  })

  it('keeps a path outside the folder absolute', () => {
    expect(formatModule('file:///srv/app.ts', cwd)).toBe('/srv/app.ts')
  })
})
