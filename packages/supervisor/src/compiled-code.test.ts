import { mkdtempSync, readdirSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CompiledCode } from './compiled-code.ts'

const encode = (text: string): string => Buffer.from(text).toString('base64')

describe('compiled code', () => {
  let folder: string
  let before: string | undefined

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tsgi-test-'))
    before = process.env['TMPDIR']
    process.env['TMPDIR'] = folder
  })

  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    rmSync(folder, { recursive: true, force: true })
  })

  it('is asked of one worker at a time, until one has said what it has', () => {
    const code = new CompiledCode()
    expect([code.ask(1), code.ask(2), code.file]).toEqual([true, false, null])
    code.dismiss(1)
    expect([code.ask(2), code.keep(2, encode('of the second')), code.ask(3)]).toEqual([true, true, false])
    const { descriptor, size } = code.file ?? { descriptor: -1, size: 0 }
    const bytes = Buffer.alloc(size)
    readSync(descriptor, bytes, 0, size, 0)
    expect(bytes.toString()).toBe('of the second')
    code.close()
  })

  it('is not taken from a worker that was not asked, or is about to meet clients', () => {
    const code = new CompiledCode()
    code.ask(1)
    expect(code.keep(2, encode('code'))).toBe(false)
    code.dismiss(1)
    expect(code.keep(1, encode('code'))).toBe(false)
    expect(code.file).toBe(null)
    code.close()
  })

  it('is not asked for without end where no worker can say it', () => {
    const code = new CompiledCode()
    const asked = [1, 2, 3, 4, 5].map((worker) => {
      const wasAsked = code.ask(worker)
      code.dismiss(worker)
      return wasAsked
    })
    expect(asked).toEqual([true, true, true, false, false])
    code.close()
  })

  it('stands in a file that has no name', () => {
    const code = new CompiledCode()
    code.ask(1)
    code.keep(1, encode('code'))
    expect(readdirSync(folder)).toEqual([])
    code.close()
  })

  it('is not kept, and not asked for, where there is no folder for it', () => {
    rmSync(folder, { recursive: true })
    const code = new CompiledCode()
    expect([code.ask(1), code.keep(1, encode('code')), code.file]).toEqual([false, false, null])
    code.close()
  })
})
