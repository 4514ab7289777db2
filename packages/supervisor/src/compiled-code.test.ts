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

  it('is wanted until one process has told what it has', () => {
    const code = new CompiledCode()
    expect([code.isWanted, code.file]).toEqual([true, null])
    code.keep(encode('of the first'))
    code.keep(encode('of the second'))
    expect(code.isWanted).toBe(false)
    const { descriptor, size } = code.file ?? { descriptor: -1, size: 0 }
    const bytes = Buffer.alloc(size)
    readSync(descriptor, bytes, 0, size, 0)
    expect(bytes.toString()).toBe('of the first')
    code.close()
  })

  it('stands in a file that has no name', () => {
    const code = new CompiledCode()
    code.keep(encode('code'))
    expect(readdirSync(folder)).toEqual([])
    code.close()
  })

  it('is not kept, and not asked for, where there is no folder for it', () => {
    rmSync(folder, { recursive: true })
    const code = new CompiledCode()
    code.keep(encode('code'))
    expect([code.isWanted, code.file]).toEqual([false, null])
    code.close()
  })
})
