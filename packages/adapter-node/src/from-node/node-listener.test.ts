import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import connect from 'connect'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { fromNodeListener } from './from-node-listener.ts'
import { nodeListenerOf } from './node-listener.ts'

describe('nodeListenerOf', () => {
  test('recognises Express and connect applications as they are', () => {
    const app = express()
    expect(nodeListenerOf(app)).toBe(app)
    const inner = connect()
    expect(nodeListenerOf(inner)).toBe(inner)
  })

  test('gives a router of Express an end', () => {
    const router = express.Router()
    expect(nodeListenerOf(router)).not.toBe(router)
    expect(nodeListenerOf(router)).toBeTypeOf('function')
  })

  test('recognises Koa, Fastify, an http.Server and an object with handle', () => {
    expect(nodeListenerOf(new Koa())).toBeTypeOf('function')
    expect(nodeListenerOf(Fastify())).toBeTypeOf('function')
    expect(nodeListenerOf(http.createServer())).toBeTypeOf('function')
    expect(nodeListenerOf({ handle: () => {} })).toBeTypeOf('function')
  })

  test('believes a function that says what it is', () => {
    const marked = Object.assign(() => {}, { [Symbol.for('tsgi.kind')]: 'node' })
    expect(nodeListenerOf(marked)).toBe(marked)
  })

  test.for([
    ['a bare function, which may be a TSGI application', (_a: unknown, _b: unknown) => {}],
    ['a function that says it is something else', Object.assign(() => {}, { [Symbol.for('tsgi.kind')]: 'tsgi' })],
    ['a fetch application', { fetch: () => {} }],
    ['a Map', new Map()],
    ['null', null],
    ['undefined', undefined],
    ['a string', 'app'],
  ])('leaves alone %s', ([, value]) => {
    expect(nodeListenerOf(value)).toBeNull()
  })

  test('brings the lifespan of Fastify: ready before the first request, close after the last', async () => {
    const fastify = Fastify()
    const seen: string[] = []
    fastify.addHook('onReady', async () => void seen.push('ready'))
    fastify.addHook('onClose', async () => void seen.push('closed'))
    const application = fromNodeListener(fastify as never)
    await application.startup?.()
    expect(seen).toEqual(['ready'])
    await application.shutdown?.()
    expect(seen).toEqual(['ready', 'closed'])
  })

  test('gives requests of an http.Server that ask to continue to whoever listens for them', () => {
    const server = http.createServer(() => seen.push('request'))
    const seen: string[] = []
    const listener = nodeListenerOf(server)
    const asking = { headers: { expect: '100-continue' } } as IncomingMessage
    listener?.(asking, {} as ServerResponse)
    server.on('checkContinue', () => seen.push('checkContinue'))
    listener?.(asking, {} as ServerResponse)
    listener?.({ headers: {} } as IncomingMessage, {} as ServerResponse)
    expect(seen).toEqual(['request', 'checkContinue', 'request'])
  })
})

describe('fromNodeListener', () => {
  test.for([
    ['an object', { a: 1 }, 'an object with a'],
    ['null', null, 'null'],
    ['a string', 'x', 'x'],
  ] as const)('says what it takes when given %s', ([, value, received]) => {
    expect(() => fromNodeListener(value as never)).toThrow(
      `Expected a Node listener: (request, response) => …, an Express, Koa or Fastify application, or an http.Server; received ${received}.`,
    )
  })
})
