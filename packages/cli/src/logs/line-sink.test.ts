import { closeSync, existsSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lineSink } from './line-sink.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsgi-sink-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('lineSink', () => {
  it('writes all lines in order, in few writes', async () => {
    const file = join(folder, 'lines')
    const fd = openSync(file, 'w')
    const sink = lineSink(fd, { delay: 1 })
    const lines = Array.from({ length: 5000 }, (_, i) => `line ${i}\n`)
    for (const line of lines) sink.write(line)
    await vi.waitUntil(() => readFileSync(file, 'utf8').length === lines.join('').length)
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''))
    expect(sink.dropped).toBe(0)
    closeSync(fd)
  })

  it('writes what is gathered at the end of the process', () => {
    const file = join(folder, 'end')
    const fd = openSync(file, 'w')
    const sink = lineSink(fd, { delay: 60_000 })
    sink.write('one\n')
    sink.write('two\n')
    sink.flushSync()
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
    sink.flushSync()
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
    closeSync(fd)
  })

  it.skipIf(!existsSync('/dev/full'))('drops and counts lines while the disk is full, and says so once', async () => {
    const fd = openSync('/dev/full', 'w')
    const onLost = vi.fn<(reason: string) => void>()
    const sink = lineSink(fd, { delay: 1, onLost })
    for (let i = 0; i < 10; i++) sink.write('a line\n')
    await vi.waitUntil(() => sink.dropped === 10)
    sink.write('another\n')
    sink.flushSync()
    expect(sink.dropped).toBe(11)
    expect(onLost.mock.calls).toEqual([['ENOSPC']])
    closeSync(fd)
  })

  it('writes on in another file where it is given one, and closes the one before', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')]
    const fd = openSync(first, 'w')
    const sink = lineSink(fd, { delay: 60_000 })
    sink.write('one\n')
    sink.flushSync()
    sink.write('two\n')
    sink.replace(openSync(second, 'w'))
    sink.flushSync()
    expect(readFileSync(first, 'utf8')).toBe('one\n')
    expect(readFileSync(second, 'utf8')).toBe('two\n')
    expect(() => fstatSync(fd)).toThrow('EBADF')
    sink.replace(openSync(second, 'a'))
  })

  it('closes a file only when the write that it waits for is over', async () => {
    const [first, second] = [join(folder, 'busy'), join(folder, 'next')]
    const sink = lineSink(openSync(first, 'w'), { delay: 60_000 })
    const many = 'a line\n'.repeat(10_000)
    // As much as is written at once, so that a write is on its way.
    sink.write(many)
    sink.replace(openSync(second, 'w'))
    sink.write('after\n')
    await vi.waitUntil(() => readFileSync(first, 'utf8') === many)
    sink.flushSync()
    expect(readFileSync(second, 'utf8')).toBe('after\n')
  })

  it('bounds what it gathers', () => {
    const fd = openSync(join(folder, 'bounded'), 'w')
    const sink = lineSink(fd, { delay: 60_000 })
    const line = `${'x'.repeat(1023)}\n`
    // Nothing can be written before this function ends, so only memory is left for them.
    for (let i = 0; i < 3000; i++) sink.write(line)
    expect(sink.dropped).toBeGreaterThan(1500)
    expect(sink.dropped).toBeLessThan(2000)
    sink.flushSync()
    closeSync(fd)
  })
})
