import { Readable } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import type { AsyncBody, Body, BodyWriter, Chunk, StreamingBody, SyncBody } from './body.ts'
import { bodyCloser, mapBody } from './map-body.ts'

const shout = (chunk: Chunk): Chunk => (typeof chunk === 'string' ? chunk.toUpperCase() : chunk)

describe('bodyCloser', () => {
  test('what is held in memory needs no closing', () => {
    for (const body of [null, '', 'a', new Uint8Array(1), Buffer.from('a'), ['a']]) {
      expect(bodyCloser(body)).toBeUndefined()
    }
  })

  test('close is preferred to asyncDispose, and that to dispose', () => {
    const calls: string[] = []
    const named = (name: string) => () => void calls.push(name)
    const all = { [Symbol.dispose]: named('dispose'), [Symbol.asyncDispose]: named('async'), close: named('close') }
    const { close: _, ...both } = all
    for (const hooks of [all, both, { [Symbol.dispose]: named('dispose') }]) {
      bodyCloser({ ...hooks, [Symbol.iterator]: () => [][Symbol.iterator]() } as SyncBody)?.()
    }
    expect(calls).toEqual(['close', 'async', 'dispose'])
  })

  test('close is called on the body, and its result handed on', async () => {
    const body = {
      open: true,
      async close() {
        this.open = false
      },
      *[Symbol.iterator]() {},
    }
    await bodyCloser(body)?.()
    expect(body.open).toBe(false)
  })

  test('a generator is closed by disposal, which runs its finally', () => {
    const cleanup = vi.fn()
    const generator = (function* () {
      try {
        yield 'a'
        yield 'b'
      } finally {
        cleanup()
      }
    })()
    generator.next()
    bodyCloser(generator)?.()
    expect(cleanup).toHaveBeenCalledOnce()
  })

  test('a Readable that was never read is destroyed', async () => {
    const readable = Readable.from(['a'])
    await bodyCloser(readable)?.()
    expect(readable.destroyed).toBe(true)
  })

  test('a Readable that was left halfway closes without an error', async () => {
    const readable = Readable.from(['a', 'b'])
    for await (const chunk of readable) {
      expect(chunk).toBe('a')
      break
    }
    await bodyCloser(readable)?.()
    expect(readable.destroyed).toBe(true)
  })

  test('what fails to be disposed of fails to close', async () => {
    const body = { async *[Symbol.asyncIterator]() {}, [Symbol.asyncDispose]: () => Promise.reject(new Error('disk')) }
    await expect(bodyCloser(body as AsyncBody)?.()).rejects.toThrow('disk')
  })
})

describe('mapBody', () => {
  test('values in memory stay what they are', () => {
    expect(mapBody(null, shout)).toBeNull()
    expect(mapBody('a', shout)).toBe('A')
    expect(mapBody(Buffer.from('a'), shout)).toEqual(Buffer.from('a'))
    expect(mapBody(['a', 'b'], shout)).toEqual(['A', 'B'])
  })

  test('the mapping is given the chunk alone', () => {
    const map = vi.fn(shout)
    mapBody(['a'], map)
    expect(map.mock.calls).toEqual([['a']])
  })

  test('a synchronous iterable stays synchronous, and is pulled one chunk at a time', () => {
    const pulled: string[] = []
    const source = (function* () {
      for (const chunk of ['a', 'b']) {
        pulled.push(chunk)
        yield chunk
      }
    })()
    const mapped = (mapBody(source, shout) as SyncBody)[Symbol.iterator]()
    expect(pulled).toEqual([])
    expect(mapped.next()).toEqual({ done: false, value: 'A' })
    expect(pulled).toEqual(['a'])
    expect([mapped.next().value, mapped.next().done]).toEqual(['B', true])
  })

  test('an asynchronous iterable is mapped, and its error passed on', async () => {
    const source = (async function* () {
      yield 'a'
      throw new Error('half-way')
    })()
    const mapped = (mapBody(source, shout) as AsyncBody)[Symbol.asyncIterator]()
    await expect(mapped.next()).resolves.toEqual({ done: false, value: 'A' })
    await expect(mapped.next()).rejects.toThrow('half-way')
  })

  test.each([
    ['synchronous', () => chunks],
    ['asynchronous', () => asyncChunks],
  ] as const)('leaving a %s iteration early leaves the source’s', async (_, source) => {
    const cleanup = vi.fn()
    const mapped = mapBody(source()(cleanup), shout) as SyncBody | AsyncBody
    for await (const chunk of mapped) {
      expect(chunk).toBe('A')
      break
    }
    expect(cleanup).toHaveBeenCalledOnce()
  })

  test('a streaming body writes through the mapping and keeps backpressure', async () => {
    const written: Chunk[] = []
    const full = Promise.resolve()
    const out: BodyWriter = {
      write(chunk) {
        written.push(chunk)
        return full
      },
      flush: vi.fn(),
    }
    const source: StreamingBody = (out) => {
      expect(out.write('a')).toBe(full)
      return out.flush()
    }
    await (mapBody(source, shout) as StreamingBody)(out)
    expect(written).toEqual(['A'])
    expect(out.flush).toHaveBeenCalledOnce()
  })

  test.each([
    ['a synchronous iterable', { *[Symbol.iterator]() {} }],
    ['an asynchronous iterable', { async *[Symbol.asyncIterator]() {} }],
    ['a function', () => {}],
  ])('%s keeps its close', (_, source) => {
    const close = vi.fn()
    bodyCloser(mapBody(Object.assign(source, { close }) as Body, shout))?.()
    expect(close).toHaveBeenCalledOnce()
  })

  test('disposal of the source becomes close of what is made of it', () => {
    const dispose = vi.fn()
    bodyCloser(mapBody({ *[Symbol.iterator]() {}, [Symbol.dispose]: dispose } as SyncBody, shout))?.()
    expect(dispose).toHaveBeenCalledOnce()
  })
})

function* chunks(cleanup: () => void): Generator<string> {
  try {
    yield 'a'
    yield 'b'
  } finally {
    cleanup()
  }
}

async function* asyncChunks(cleanup: () => void): AsyncGenerator<string> {
  yield* chunks(cleanup)
}
