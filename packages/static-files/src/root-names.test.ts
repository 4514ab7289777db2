import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RootNames } from './root-names.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsgi-root-names-'))
  writeFileSync(join(folder, 'Logo.png'), '')
  writeFileSync(join(folder, 'e\u0301te\u0301.txt'), '')
  utimesSync(folder, 1, 1)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('RootNames', () => {
  it('knows what is surely not there', () => {
    const names = new RootNames(folder, 1000)
    expect(names.mayHave('Logo.png', 0)).toBe(true)
    expect(names.mayHave('other', 0)).toBe(false)
  })

  it('leaves spellings that a file system might take for the same to the file system', () => {
    const names = new RootNames(folder, 1000)
    expect(names.mayHave('LOGO.PNG', 0)).toBe(true)
    expect(names.mayHave('\u00e9t\u00e9.txt', 0)).toBe(true)
  })

  it('looks again when the time is over, and not before', () => {
    const names = new RootNames(folder, 1000)
    expect(names.mayHave('new', 0)).toBe(false)
    writeFileSync(join(folder, 'new'), '')
    expect(names.mayHave('new', 999)).toBe(false)
    expect(names.mayHave('new', 1000)).toBe(true)
    expect(names.mayHave('newer', 1000)).toBe(false)
    // The folder has just been changed: its time may stay the same with the next change.
    writeFileSync(join(folder, 'newer'), '')
    expect(names.mayHave('newer', 2000)).toBe(true)
  })

  it('has no names when the folder is gone', () => {
    const names = new RootNames(folder, 0)
    expect(names.mayHave('Logo.png', 0)).toBe(true)
    rmSync(folder, { recursive: true })
    expect(names.mayHave('Logo.png', 1)).toBe(false)
  })

  it('leaves a folder of very many names to the file system', () => {
    for (let i = 0; i < 10_001; i++) writeFileSync(join(folder, String(i)), '')
    expect(new RootNames(folder, 1000).mayHave('other', 0)).toBe(true)
  })
})
