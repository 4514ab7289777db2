import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileBody } from './file-body.ts'

let folder: string
let file: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsgi-file-body-'))
  file = join(folder, 'file')
  writeFileSync(file, '0123456789')
})
afterAll(() => rmSync(folder, { recursive: true }))

const isOpen = (fd: number): boolean => {
  try {
    fstatSync(fd)
    return true
  } catch {
    return false
  }
}

async function text(body: FileBody): Promise<string> {
  let all = ''
  for await (const chunk of body) all += Buffer.from(chunk as Uint8Array).toString()
  return all
}

describe('FileBody', () => {
  it('gives its parts in order and closes the descriptor at the end', async () => {
    const fd = openSync(file, 'r')
    expect(await text(new FileBody(fd, ['<', { first: 8, last: 9 }, '|', { first: 0, last: 2 }, '>']))).toBe('<89|012>')
    expect(isOpen(fd)).toBe(false)
  })

  it('closes when the loop over it is left', async () => {
    const fd = openSync(file, 'r')
    for await (const _ of new FileBody(fd, [{ first: 0, last: 9 }])) break
    expect(isOpen(fd)).toBe(false)
  })

  it('closes once, however often it is told to: the number may be another file by then', async () => {
    const fd = openSync(file, 'r')
    const body = new FileBody(fd, [{ first: 0, last: 9 }])
    body.close()
    const other = openSync(file, 'r')
    expect(other).toBe(fd)
    body.close()
    await body.return()
    expect(await body.next()).toEqual({ done: true, value: undefined })
    expect(isOpen(other)).toBe(true)
    closeSync(other)
  })

  it('closes only after a read under way, and then at once', async () => {
    const fd = openSync(file, 'r')
    const body = new FileBody(fd, [{ first: 0, last: 9 }])
    const pending = body.next()
    body.close()
    expect(isOpen(fd)).toBe(true)
    await pending
    expect(isOpen(fd)).toBe(false)
  })

  it('rejects when the file ends early, and closes', async () => {
    const fd = openSync(file, 'r')
    await expect(text(new FileBody(fd, [{ first: 5, last: 19 }]))).rejects.toThrow('10 bytes are missing')
    expect(isOpen(fd)).toBe(false)
  })

  it('rejects with an error of the system, and closes', async () => {
    const fd = openSync(folder, 'r')
    await expect(text(new FileBody(fd, [{ first: 0, last: 9 }]))).rejects.toThrow('EISDIR')
    expect(isOpen(fd)).toBe(false)
  })
})
