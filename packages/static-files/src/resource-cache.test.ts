import { describe, expect, it } from 'vitest'
import { FileBlocks } from './file-blocks.ts'
import { ResourceCache } from './resource-cache.ts'
import type { Resource } from './resource.ts'

const version = { dev: 1n, ino: 1n, size: 1n, mtimeNs: 1n, ctimeNs: 1n }
const resource = (key: string): Resource => ({
  key,
  description: { contentType: 'text/plain', cacheControl: null, vary: null, acceptRanges: 'bytes' },
  variants: [{ path: key, coding: null, version, representation: null, blocks: null }],
  witnesses: [],
  checkedAt: 0,
  fresh: false,
  recalled: false,
})

function fill(cache: ResourceCache, key: string, bytes: number): Resource {
  const made = resource(key)
  cache.set(made)
  cache.grew(made, bytes)
  return made
}

describe('ResourceCache', () => {
  it('gives back what was set, until it is deleted', () => {
    const cache = new ResourceCache(100_000)
    const made = fill(cache, '/a', 1000)
    expect(cache.get('/a')).toBe(made)
    expect(cache.get('/b')).toBeUndefined()
    cache.delete('/a')
    expect(cache.get('/a')).toBeUndefined()
    expect(cache.bytes).toBe(0)
  })

  it('stays within its limit', () => {
    const cache = new ResourceCache(100_000)
    for (let i = 0; i < 1000; i++) {
      fill(cache, `/${i}`, 10_000)
      expect(cache.bytes).toBeLessThanOrEqual(100_000)
    }
    expect(cache.get('/999')).toBeDefined()
  })

  it('stays within its limit when the files are empty', () => {
    const cache = new ResourceCache(100_000)
    for (let i = 0; i < 1000; i++) fill(cache, `/${i}`, 0)
    expect(Array.from({ length: 1000 }, (_, i) => cache.get(`/${i}`)).filter(Boolean).length).toBeLessThan(100)
  })

  it('keeps what is asked for, and lets go of what came first and is not', () => {
    const cache = new ResourceCache(100_000)
    fill(cache, '/hot', 20_000)
    fill(cache, '/cold', 20_000)
    for (let i = 0; i < 20; i++) {
      cache.get('/hot')
      fill(cache, `/${i}`, 20_000)
    }
    expect(cache.get('/hot')).toBeDefined()
    expect(cache.get('/cold')).toBeUndefined()
  })

  it('does not throw out the others for one that can never stay', () => {
    const cache = new ResourceCache(100_000)
    fill(cache, '/a', 20_000)
    fill(cache, '/huge', 100_001)
    expect(cache.get('/huge')).toBeUndefined()
    expect(cache.get('/a')).toBeDefined()
  })

  it('counts no bytes of a resource that was replaced', () => {
    const cache = new ResourceCache(100_000)
    const old = fill(cache, '/a', 1000)
    fill(cache, '/a', 1000)
    const before = cache.bytes
    expect(cache.grew(old, 50_000)).toBe(false)
    expect(cache.bytes).toBe(before)
  })

  it('releases the blocks of what it lets go of', () => {
    const cache = new ResourceCache(100_000)
    const made = fill(cache, '/big', 0)
    const blocks = new FileBlocks((bytes) => cache.grew(made, bytes))
    made.variants[0].blocks = blocks
    blocks.keep(0, new Uint8Array(50_000))
    expect(blocks.get(0)).toBeDefined()
    fill(cache, '/other', 90_000)
    expect(blocks.get(0)).toBeUndefined()
    blocks.keep(1, new Uint8Array(10))
    expect(blocks.get(1)).toBeUndefined()
  })

  it('keeps nothing with a limit of 0', () => {
    const cache = new ResourceCache(0)
    fill(cache, '/a', 0)
    expect(cache.get('/a')).toBeUndefined()
  })
})
