import { copyFileSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bodyCloser, type AsyncBody, type Body } from '@tsgi/spec'
import { staticFiles } from '@tsgi/static-files'
import { temporaryFolder } from './folder.ts'
import { environFor, request } from './request.ts'

const OLD = 1_700_000_000

describe('a file in memory', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  function site(content = 'old') {
    const folder = temporaryFolder()
    const write = (name: string, text: string, time = OLD) => {
      const file = folder.write(name, text)
      utimesSync(file, time, time)
      return file
    }
    write('a.txt', content)
    const app = staticFiles(folder.path)
    const get = async (path = '/a.txt', ...headers: string[]) => (await request(app, path, { headers })).text
    return { ...folder, write, app, get }
  }

  it('is answered without a promise, every time with the same bytes and the same list', () => {
    using a = site()
    const answers = Array.from({ length: 2 }, () => {
      let headers
      const body = a.app(environFor('/a.txt'), (_, list) => (headers = list))
      return { headers, body }
    })
    expect(answers[0]?.body).toBeInstanceOf(Uint8Array)
    expect(answers[1]?.body).toBe(answers[0]?.body)
    expect(answers[1]?.headers).toBe(answers[0]?.headers)
  })

  it('is looked at again after a second', async () => {
    using a = site()
    expect(await a.get()).toBe('old')
    a.write('a.txt', 'new')
    vi.advanceTimersByTime(999)
    expect(await a.get()).toBe('old')
    vi.advanceTimersByTime(1)
    expect(await a.get()).toBe('new')
  })

  it('is found changed where its size and time are the same but it is another file', async () => {
    using a = site()
    expect(await a.get()).toBe('old')
    vi.advanceTimersByTime(1000)
    renameSync(a.write('b.txt', 'new'), `${a.path}/a.txt`)
    expect(await a.get()).toBe('new')
  })

  it('is read again a second after it was just changed, for the clock may not have ticked since', async () => {
    using a = site()
    a.write('a.txt', 'old', Date.now() / 1000)
    const bodies = [0, 1000].map((wait) => {
      vi.advanceTimersByTime(wait)
      return a.app(environFor('/a.txt'), () => {})
    })
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[1]).not.toBe(bodies[0])
  })

  it('is missed when it is gone, and found when it comes back', async () => {
    using a = site()
    expect(await a.get()).toBe('old')
    rmSync(`${a.path}/a.txt`)
    vi.advanceTimersByTime(1000)
    expect(await a.get()).toBe('404 Not Found\n')
    a.write('a.txt', 'back')
    vi.advanceTimersByTime(1000)
    expect(await a.get()).toBe('back')
  })

  it('is refused when it has become a link out of the root', async () => {
    using a = site()
    using outside = temporaryFolder({ 'secret.txt': 'SECRET' })
    expect(await a.get()).toBe('old')
    rmSync(`${a.path}/a.txt`)
    symlinkSync(`${outside.path}/secret.txt`, `${a.path}/a.txt`)
    vi.advanceTimersByTime(1000)
    expect(await a.get()).toBe('404 Not Found\n')
  })

  it('gives way to a precompressed form that came later, and to an index file of a higher rank', async () => {
    using a = site()
    a.write('second.html', 'second')
    const app = staticFiles(a.path, { index: ['first.html', 'second.html'] })
    const get = async (path: string) => (await request(app, path, { headers: ['accept-encoding', 'gzip'] })).text
    expect([await get('/a.txt'), await get('/')]).toEqual(['old', 'second'])
    a.write('a.txt.gz', 'compressed')
    a.write('first.html', 'first')
    vi.advanceTimersByTime(1000)
    expect([await get('/a.txt'), await get('/')]).toEqual(['compressed', 'first'])
  })

  it('is looked at for every request where nothing may be stale', async () => {
    using a = site()
    const app = staticFiles(a.path, { memory: { recheckAfter: 0 } })
    expect((await request(app, '/a.txt')).text).toBe('old')
    a.write('a.txt', 'newer')
    expect((await request(app, '/a.txt')).text).toBe('newer')
  })

  it('is not kept where there is no memory for it, and still has a strong entity tag', async () => {
    using a = site()
    const app = staticFiles(a.path, { memory: { total: 0 } })
    expect((await request(app, '/a.txt')).header('etag')).toMatch(/^"/)
    a.write('a.txt', 'new')
    expect((await request(app, '/a.txt')).text).toBe('new')
  })
})

describe('a file that is streamed', () => {
  const SIZE = 3 * 1024 * 1024
  function site() {
    const folder = temporaryFolder({ 'big.bin': Buffer.alloc(SIZE, 'x') })
    const app = staticFiles(folder.path)
    let headers: readonly string[] = []
    const start = () => app(environFor('/big.bin'), (_, list) => (headers = list)) as AsyncBody
    return { ...folder, file: `${folder.path}/big.bin`, start, headers: () => headers }
  }
  async function read(body: Body, afterFirst: () => void): Promise<number> {
    let length = 0
    try {
      for await (const chunk of body as AsyncBody) {
        if (length === 0) afterFirst()
        length += chunk.length
      }
    } finally {
      await bodyCloser(body)?.()
    }
    return length
  }

  it('is broken off with an error when it becomes shorter, never padded', async () => {
    using a = site()
    await expect(read(a.start(), () => truncateSync(a.file, 1024 * 1024))).rejects.toThrow(/became shorter.* \d+ bytes/)
  })

  it('ends at the length it began with when it becomes longer', async () => {
    using a = site()
    const length = await read(a.start(), () => truncateSync(a.file, SIZE * 2))
    expect(length).toBe(SIZE)
    expect(a.headers()).toContain(String(SIZE))
  })

  it('goes on with the old content when another file takes its name', async () => {
    using a = site()
    const body = a.start()
    const other = a.write('other.bin', 'y')
    expect(await read(body, () => renameSync(other, a.file))).toBe(SIZE)
  })

  it('is described anew when it is another one by the time it is opened', async () => {
    using a = site()
    a.start().close?.()
    copyFileSync(a.write('other.bin', 'y'.repeat(300_000)), a.file)
    expect(await read(a.start(), () => {})).toBe(300_000)
    expect(a.headers()).toContain('300000')
  })
})
