import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BLOCK_SIZE, FileBlocks } from './file-blocks.ts'
import { FileBody, type FilePart } from './file-body.ts'
import { versionOf } from './file-version.ts'

let folder: string
let file: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsgi-file-body-'))
  file = join(folder, 'file')
  writeFileSync(file, '0123456789')
})
afterAll(() => rmSync(folder, { recursive: true }))

const body = (fd: number, parts: readonly FilePart[], blocks: FileBlocks | null = null): FileBody =>
  new FileBody({ fd, version: versionOf(fstatSync(fd, { bigint: true })) }, parts, blocks)

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
    expect(await text(body(fd, ['<', { first: 8, last: 9 }, '|', { first: 0, last: 2 }, '>']))).toBe('<89|012>')
    expect(isOpen(fd)).toBe(false)
  })

  it('closes when the loop over it is left', async () => {
    const fd = openSync(file, 'r')
    for await (const _ of body(fd, [{ first: 0, last: 9 }])) break
    expect(isOpen(fd)).toBe(false)
  })

  it('closes once, however often it is told to: the number may be another file by then', async () => {
    const fd = openSync(file, 'r')
    const made = body(fd, [{ first: 0, last: 9 }])
    made.close()
    const other = openSync(file, 'r')
    expect(other).toBe(fd)
    made.close()
    await made.return()
    expect(await made.next()).toEqual({ done: true, value: undefined })
    expect(isOpen(other)).toBe(true)
    closeSync(other)
  })

  it('closes only after a read under way, and then at once', async () => {
    const fd = openSync(file, 'r')
    const made = body(fd, [{ first: 0, last: 9 }])
    const pending = made.next()
    made.close()
    expect(isOpen(fd)).toBe(true)
    await pending
    expect(isOpen(fd)).toBe(false)
  })

  it('rejects when the file ends early, and closes', async () => {
    const fd = openSync(file, 'r')
    await expect(text(body(fd, [{ first: 5, last: 19 }]))).rejects.toThrow('10 bytes are missing')
    expect(isOpen(fd)).toBe(false)
  })

  it('rejects with an error of the system, and closes', async () => {
    const fd = openSync(folder, 'r')
    await expect(text(body(fd, [{ first: 0, last: 9 }]))).rejects.toThrow('EISDIR')
    expect(isOpen(fd)).toBe(false)
  })
})

describe('FileBody with blocks', () => {
  const content = Buffer.alloc(2 * BLOCK_SIZE + 10)
  for (let i = 0; i < content.length; i += 2) content.writeUInt16LE((i / 2) % 65_521, i)
  let big: string
  beforeAll(() => {
    big = join(folder, 'big')
    writeFileSync(big, content)
  })
  const whole = [{ first: 0, last: content.length - 1 }]

  async function bytes(from: FileBody): Promise<Buffer> {
    const chunks: Uint8Array[] = []
    for await (const chunk of from) chunks.push(chunk as Uint8Array)
    return Buffer.concat(chunks)
  }

  it('keeps whole blocks, the last one of the file too, and reads them no more', async () => {
    const blocks = new FileBlocks(() => true)
    expect((await bytes(body(openSync(big, 'r'), whole, blocks))).equals(content)).toBe(true)
    expect([0, 1, 2, 3].map((i) => blocks.get(i)?.length)).toEqual([BLOCK_SIZE, BLOCK_SIZE, 10, undefined])
    const first = await body(openSync(big, 'r'), whole, blocks).next()
    expect((first.value as Uint8Array).buffer).toBe(blocks.get(0)?.buffer)
    expect((await bytes(body(openSync(big, 'r'), whole, blocks))).equals(content)).toBe(true)
  })

  it('sends any range alike from blocks and from the file', async () => {
    const blocks = new FileBlocks(() => true)
    const ranges = [
      { first: BLOCK_SIZE - 1, last: BLOCK_SIZE },
      { first: 5, last: 2 * BLOCK_SIZE + 3 },
      { first: BLOCK_SIZE, last: 2 * BLOCK_SIZE - 1 },
      { first: 2 * BLOCK_SIZE + 9, last: 2 * BLOCK_SIZE + 9 },
    ]
    const expected = Buffer.concat(ranges.map(({ first, last }) => content.subarray(first, last + 1)))
    for (let i = 0; i < 3; i++) {
      expect((await bytes(body(openSync(big, 'r'), ranges, blocks))).equals(expected)).toBe(true)
    }
    expect(blocks.get(0)).toBeUndefined()
    expect(content.subarray(BLOCK_SIZE, 2 * BLOCK_SIZE).equals(blocks.get(1) as Uint8Array)).toBe(true)
    expect(blocks.get(2)).toBeUndefined()
  })

  it('reads on from the file when the blocks are let go of half-way', async () => {
    const blocks = new FileBlocks(() => true)
    await bytes(body(openSync(big, 'r'), whole, blocks))
    const made = body(openSync(big, 'r'), whole, blocks)
    const first = await made.next()
    blocks.release()
    expect(Buffer.concat([first.value as Uint8Array, await bytes(made)]).equals(content)).toBe(true)
    expect(blocks.get(1)).toBeUndefined()
  })

  it('keeps nothing there is no room for', async () => {
    const blocks = new FileBlocks(() => false)
    await bytes(body(openSync(big, 'r'), whole, blocks))
    expect(blocks.get(0)).toBeUndefined()
  })

  it('keeps nothing of a file that changed since it was opened', async () => {
    const blocks = new FileBlocks(() => true)
    const made = body(openSync(big, 'r'), whole, blocks)
    utimesSync(big, 1, 1)
    await bytes(made)
    expect(blocks.get(0)).toBeUndefined()
  })
})
