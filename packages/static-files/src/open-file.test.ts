import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync, closeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFile, readWhole, realPathUnder } from './open-file.ts'

let folder: string
let root: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tsgi-open-file-')))
  root = join(folder, 'root')
  mkdirSync(join(root, 'sub'), { recursive: true })
  writeFileSync(join(folder, 'secret'), 'SECRET')
  writeFileSync(join(root, 'file'), 'public')
  symlinkSync('file', join(root, 'inside'))
  symlinkSync('../secret', join(root, 'outside'))
  symlinkSync('..', join(root, 'sub', 'up'))
  mkdirSync(join(folder, 'root-too'))
  symlinkSync('../root-too', join(root, 'neighbour'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function content(name: string, within: string | null = root): string | null {
  const file = openFile(join(root, name), within)
  if (file === null) return null
  const bytes = readWhole(file.fd, Number(file.version.size))
  closeSync(file.fd)
  return Buffer.from(bytes).toString()
}

describe('openFile', () => {
  it.each([
    ['file', 'public'],
    ['inside', 'public'],
    ['sub/up/file', 'public'],
    ['outside', null],
    ['sub/up/outside', null],
    ['sub', null],
    ['missing', null],
    ['file/x', null],
    ['x'.repeat(300), null],
  ])('gives of %s: %s', (name, expected) => {
    expect(content(name)).toBe(expected)
  })

  it('opens what a link leads to where links may lead anywhere', () => {
    expect(content('outside', null)).toBe('SECRET')
  })

  it('does not wait for a writer of a FIFO', () => {
    execFileSync('mkfifo', [join(root, 'fifo')])
    const module = JSON.stringify(new URL('open-file.ts', import.meta.url).href)
    const path = JSON.stringify(join(root, 'fifo'))
    const program = `const { openFile } = await import(${module}); console.log(openFile(${path}, null))`
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 10_000 })
    expect(out.toString()).toBe('null\n')
  })

  it('is not led out by a link that is swapped in and out while it looks', { timeout: 60_000 }, async () => {
    linkSync(join(root, 'file'), join(root, 'swapped'))
    // Puts the file and a link out of the root in its place, as fast as it can.
    const swapper = new Worker(
      `const { linkSync, renameSync, symlinkSync } = require('node:fs')
       const { parentPort, workerData: root } = require('node:worker_threads')
       parentPort.postMessage('started')
       for (;;) {
         symlinkSync('../secret', root + '/next'); renameSync(root + '/next', root + '/swapped')
         linkSync(root + '/file', root + '/next'); renameSync(root + '/next', root + '/swapped')
       }`,
      { eval: true, workerData: root },
    )
    await once(swapper, 'message')
    const seen = new Map<string | null, number>()
    const start = performance.now()
    const passed = (ms: number): boolean => performance.now() - start > ms
    while (!passed(1500) || (seen.size < 2 && !passed(30_000))) {
      const text = content('swapped')
      seen.set(text, (seen.get(text) ?? 0) + 1)
    }
    await swapper.terminate()
    expect([...seen.keys()].sort()).toEqual([null, 'public'])
  })
})

describe('realPathUnder', () => {
  it('is not taken in by a neighbour whose name begins alike', () => {
    expect(realPathUnder(root, join(root, 'neighbour'))).toBeNull()
    expect(realPathUnder(root, join(root, 'inside'))).toBe(join(root, 'file'))
    expect(realPathUnder(root, root)).toBe(root)
    expect(realPathUnder(root, join(root, 'missing'))).toBeNull()
    expect(realPathUnder('/', join(root, 'outside'))).toBe(join(folder, 'secret'))
  })
})
