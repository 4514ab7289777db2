import fastify from 'fastify'
import { H3 } from 'h3'
import { Hono } from 'hono'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { KIND } from './kind.ts'
import { describe as inWords, recognise, recogniseAs } from './recognise.ts'

// These two publish no types.
const require = createRequire(import.meta.url)
const express = require('express') as { (): object; Router(): object }
const Koa = require('koa') as new () => object

class Site {
  readonly name = 'site'
}

const says = (kind: unknown) => Object.assign((_a: unknown, _b: unknown) => null, { [KIND]: kind })

describe('recognise', () => {
  it.each([
    ['a function of two parameters', (_environ: unknown, _startResponse: unknown) => null, 'tsgi', 'a TSGI function'],
    ['a Hono app', new Hono(), 'fetch', 'an object with fetch'],
    ['an h3 app', new H3(), 'fetch', 'an object with fetch'],
    ['an object with fetch', { fetch: () => new Response() }, 'fetch', 'an object with fetch'],
    ['an Express app', express(), 'node', 'an Express app'],
    ['an Express router', express.Router(), 'node', 'a connect-style app'],
    ['a Koa app', new Koa(), 'node', 'a Koa app'],
    ['a Fastify instance', fastify(), 'node', 'a Fastify instance'],
    ['an http.Server', createServer(), 'node', 'an http.Server'],
    ['what says that it is WSGI-style', says('wsgi'), 'wsgi', 'a WSGI-style function, as its tsgi.kind says'],
    ['what says that it is TSGI', says('tsgi'), 'tsgi', 'a TSGI function, as its tsgi.kind says'],
  ])('knows %s', (_name, value, kind, what) => {
    expect(recognise(value)).toEqual({ kind, what })
  })

  it('names what a function of another number of parameters may be', () => {
    expect(recognise((_request: unknown) => null)).toMatchObject({
      kind: null,
      advice: [expect.stringContaining('--as fetch'), expect.stringContaining('--factory')],
    })
    expect(recognise(() => null)).toMatchObject({ advice: [expect.stringContaining('--factory'), expect.anything()] })
    expect(recognise((_a: unknown, _b: unknown, _c: unknown) => null)).toMatchObject({
      advice: [expect.stringContaining('--as node')],
    })
  })

  it('asks for an instance of a class', () => {
    expect(recognise(Site)).toMatchObject({ what: 'the class Site', advice: [expect.stringContaining('new Site()')] })
  })

  it('refuses a kind that there is not', () => {
    expect(recognise(says('cgi'))).toMatchObject({ kind: null, what: expect.stringContaining('"cgi"') })
  })

  it.each([[undefined], [null], ['app'], [42], [[]], [{}], [new Map()]])('takes %j for nothing', (value) => {
    expect(recognise(value).kind).toBeNull()
  })
})

describe('recogniseAs', () => {
  it('believes what it is told of a function', () => {
    expect(recogniseAs((_request: unknown) => null, 'fetch')).toEqual({
      kind: 'fetch',
      what: 'a fetch handler, by --as',
    })
    expect(recogniseAs((_a: unknown, _b: unknown) => null, 'wsgi').kind).toBe('wsgi')
  })

  it('refuses what could never be run that way', () => {
    expect(recogniseAs({}, 'fetch')).toMatchObject({ kind: null, advice: [expect.stringContaining('--as fetch')] })
    expect(recogniseAs(new Koa(), 'fetch').kind).toBeNull()
    expect(recogniseAs(Site, 'node').kind).toBeNull()
  })

  it('takes a class for a WSGI-style application, and an object with handle for a listener', () => {
    expect(recogniseAs(Site, 'wsgi').kind).toBe('wsgi')
    expect(recogniseAs({ handle: () => {} }, 'node').kind).toBe('node')
  })
})

describe('describe', () => {
  it.each([
    [undefined, 'undefined'],
    ['x'.repeat(99), `the string "${'x'.repeat(38)}…`],
    [42, 'the number 42'],
    [[1, 2], 'an array of 2'],
    [{ get: 1, post: 2 }, 'an object with get, post'],
    [{}, 'an object with nothing in it'],
    [new Map(), 'a Map with nothing in it'],
    [Object.create(null), 'an object with nothing in it'],
    [(_a: unknown) => null, 'a function of one parameter'],
  ])('puts %j into words', (value, words) => {
    expect(inWords(value)).toBe(words)
  })
})

it('an object with the methods of a polka application is one', () => {
  const methods = { handler: () => {}, listen: () => {}, use: () => {}, parse: () => {} }
  expect(recognise(methods)).toMatchObject({ kind: 'node', what: 'a polka app' })
})
