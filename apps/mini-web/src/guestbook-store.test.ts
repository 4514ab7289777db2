import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GuestbookStore } from './guestbook-store.ts'
import { SEEDS } from './seeds.ts'

const run = promisify(execFile)

describe('GuestbookStore', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'guestbook-'))
    path = join(folder, 'new', 'book.sqlite')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const opened = <T>(use: (store: GuestbookStore) => T): T => {
    const store = new GuestbookStore(path)
    try {
      return use(store)
    } finally {
      store.close()
    }
  }

  it('begins with some entries, the newest first', () => {
    const entries = opened((store) => store.find('', 100, 0))
    expect(entries.map(({ name }) => name)).toEqual(SEEDS.map(({ name }) => name).toReversed())
  })

  it('keeps what was added, and does not begin again', () => {
    const id = opened((store) => store.add({ name: '<b>', message: "'); DROP TABLE entry; --" }))
    const [entry] = opened((store) => store.find('', 1, 0))
    expect(entry).toMatchObject({ id, name: '<b>', message: "'); DROP TABLE entry; --" })
    expect(opened((store) => store.count(''))).toBe(SEEDS.length + 1)
  })

  it('finds text by any case and accent, and takes wildcards for what they are', () => {
    opened((store) => {
      store.add({ name: 'JÜRGEN', message: '100% of it' })
      expect(store.count('jurgen')).toBe(2)
      expect(store.find('100%', 10, 0)).toHaveLength(1)
      expect(store.count('100_')).toBe(0)
      expect(store.count('zebra')).toBe(0)
    })
  })

  it('gives a page at a time', () => {
    opened((store) => {
      const all = store.find('', 100, 0).map(({ id }) => id)
      expect(store.find('', 4, 4).map(({ id }) => id)).toEqual(all.slice(4, 8))
    })
  })

  it('begins once when several processes come at the same time', async () => {
    const script = `import { GuestbookStore } from ${JSON.stringify(new URL('guestbook-store.ts', import.meta.url).href)}
      const store = new GuestbookStore(process.argv[1])
      store.add({ name: 'process', message: String(process.pid) })
      store.close()`
    await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '--eval', script, path])),
    )
    expect(opened((store) => [store.count(''), store.count('process')])).toEqual([SEEDS.length + 4, 4])
  })

  it('says where it cannot be kept, and what to do', () => {
    const remedy = /cannot be kept in .*book\.sqlite \(.+\); set GUESTBOOK_DB to a file/
    writeFileSync(join(folder, 'new'), 'a file, where a folder is needed')
    expect(() => new GuestbookStore(path)).toThrow(remedy)
    path = join(folder, 'book.sqlite')
    writeFileSync(path, 'this is no database, but it is long enough to be taken for one'.repeat(100))
    expect(() => new GuestbookStore(path)).toThrow(remedy)
  })
})
