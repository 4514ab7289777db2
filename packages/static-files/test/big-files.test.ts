import { closeSync, openSync, readdirSync, truncateSync, utimesSync, writeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Application, AsyncBody } from '@tsgi/spec'
import { staticFiles } from '@tsgi/static-files'
import { temporaryFolder } from './folder.ts'
import { environFor, request } from './request.ts'

const MiB = 1024 * 1024

it('reaches offsets over 4 GiB', async () => {
  using folder = temporaryFolder({ 'sparse.bin': '' })
  const file = `${folder.path}/sparse.bin`
  truncateSync(file, 5_000_000_000)
  const fd = openSync(file, 'r+')
  writeSync(fd, 'needle', 4_500_000_000)
  closeSync(fd)
  const app = staticFiles(folder.path)
  expect((await request(app, '/sparse.bin', { method: 'HEAD' })).header('content-length')).toBe('5000000000')
  const one = await request(app, '/sparse.bin', { headers: ['range', 'bytes=4500000000-4500000005'] })
  expect([one.text, one.header('content-range')]).toEqual(['needle', 'bytes 4500000000-4500000005/5000000000'])
  const two = await request(app, '/sparse.bin', {
    headers: ['range', 'bytes=4500000000-4500000002,4500000004-4500000005'],
  })
  expect(two.text).toMatch(/\r\n\r\nnee\r\n--[^]*\r\n\r\nle\r\n--/)
})

it('reads no further than the client takes', async () => {
  using folder = temporaryFolder({ 'big.bin': Buffer.alloc(10 * MiB) })
  const body = staticFiles(folder.path)(environFor('/big.bin'), () => {}) as AsyncBody
  const iterator = body[Symbol.asyncIterator]()
  const { value } = await iterator.next()
  expect((value as Uint8Array).length).toBeLessThanOrEqual(MiB)
  await body.close?.()
})

it('gives chunks that stay as they are while later ones are read', async () => {
  const content = Buffer.alloc(2 * MiB)
  for (let i = 0; i < content.length; i += 4) content.writeUInt32LE(i, i)
  using folder = temporaryFolder({ 'big.bin': content })
  expect((await request(staticFiles(folder.path), '/big.bin')).bytes.equals(content)).toBe(true)
})

describe.skipIf(process.platform !== 'linux')('descriptors', () => {
  const open = (): number => readdirSync('/proc/self/fd').length
  function site() {
    const folder = temporaryFolder({ 'big.bin': Buffer.alloc(2 * MiB), 'small.txt': 'x' })
    return { ...folder, app: staticFiles(folder.path) }
  }

  it('are closed after whole responses, ranges, 304s, HEADs and errors', async () => {
    using a = site()
    const before = open()
    await request(a.app, '/big.bin')
    await request(a.app, '/big.bin', { headers: ['range', 'bytes=0-9'] })
    await request(a.app, '/big.bin', { headers: ['range', 'bytes=0-9,20-29'] })
    await request(a.app, '/big.bin', { headers: ['range', 'bytes=99999999-'] })
    await request(a.app, '/big.bin', { headers: ['if-none-match', '*'] })
    await request(a.app, '/big.bin', { headers: ['if-match', '"x"'] })
    await request(a.app, '/big.bin', { method: 'HEAD' })
    await request(a.app, '/small.txt')
    await request(a.app, '/nothing')
    expect(open()).toBe(before)
  })

  it('are closed when the body is closed before it was read, and in the middle', async () => {
    using a = site()
    const before = open()
    const unread = a.app(environFor('/big.bin'), () => {}) as AsyncBody
    expect(open()).toBe(before + 1)
    await unread.close?.()
    expect(open()).toBe(before)
    const half = a.app(environFor('/big.bin'), () => {}) as AsyncBody
    await half[Symbol.asyncIterator]().next()
    await half.close?.()
    expect(open()).toBe(before)
  })

  it('are closed when startResponse throws', () => {
    using a = site()
    const before = open()
    expect(() =>
      a.app(environFor('/big.bin'), () => {
        throw new Error('refused')
      }),
    ).toThrow('refused')
    expect(open()).toBe(before)
  })
})

describe('memory for large files', () => {
  const content = Buffer.alloc(2 * MiB, 'x')
  async function firstChunk(app: Application): Promise<unknown> {
    const body = app(environFor('/big.bin'), () => {}) as AsyncBody
    const { value } = await body[Symbol.asyncIterator]().next()
    await body.close?.()
    return value && (value as Uint8Array).buffer
  }

  it('is taken by one that is asked for again and again, and shared', async () => {
    using folder = temporaryFolder()
    utimesSync(folder.write('big.bin', content), 1, 1)
    const app = staticFiles(folder.path)
    const [first, second, third] = [await firstChunk(app), await firstChunk(app), await firstChunk(app)]
    expect(second).not.toBe(first)
    expect(third).toBe(second)
    expect((await request(app, '/big.bin')).bytes.equals(content)).toBe(true)
  })

  it('is not taken by one of more than a quarter of it', async () => {
    using folder = temporaryFolder()
    utimesSync(folder.write('big.bin', content), 1, 1)
    const app = staticFiles(folder.path, { memory: { total: 7 * MiB } })
    const buffers = [await firstChunk(app), await firstChunk(app), await firstChunk(app)]
    expect(new Set(buffers).size).toBe(3)
  })

  it('is given back when the file changes', async () => {
    using folder = temporaryFolder()
    const file = folder.write('big.bin', content)
    utimesSync(file, 1, 1)
    const app = staticFiles(folder.path, { memory: { recheckAfter: 0 } })
    for (let i = 0; i < 3; i++) await request(app, '/big.bin')
    folder.write('big.bin', Buffer.alloc(2 * MiB, 'y'))
    expect((await request(app, '/big.bin')).bytes.includes('x')).toBe(false)
  })
})
