import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimPidFile } from './pid-file.ts'

/** Larger than any that Linux gives. */
const NOBODY = 2 ** 22 + 1

describe('a pid file', () => {
  let folder: string
  let file: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tsgi-'))
    file = join(folder, 'pid')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const claimed = (): void => {
    expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`)
    expect(readdirSync(folder).filter((name) => name.startsWith('pid'))).toEqual(['pid'])
  }

  it.each([
    ['there is none', () => {}],
    ['it is left over', () => writeFileSync(file, `${NOBODY}\n`)],
    ['it is empty', () => writeFileSync(file, '')],
    ['it names this process', () => writeFileSync(file, String(process.pid))],
  ])('is claimed where %s', (_what, prepare) => {
    prepare()
    claimPidFile(file)
    claimed()
  })

  it('is never written through a symbolic link', () => {
    const victim = join(folder, 'victim')
    writeFileSync(victim, 'precious')
    symlinkSync(victim, file)
    claimPidFile(file)
    claimed()
    expect(readFileSync(victim, 'utf8')).toBe('precious')
  })

  it.each([
    [
      'names a process that runs',
      () => writeFileSync(file, String(process.ppid)),
      /names process \d+, which is running/,
    ],
    ['is something else', () => writeFileSync(file, 'export default app'), /expected a pid file, or none/],
    ['is a folder', () => mkdirSync(file), /expected a pid file, or none/],
    ['is in no folder', () => (file = join(folder, 'nowhere', 'pid')), /cannot be written: ENOENT/],
  ])('is refused where it %s', (_what, prepare, message) => {
    prepare()
    expect(() => claimPidFile(file)).toThrow(message)
    expect(readdirSync(folder).length).toBeLessThanOrEqual(1)
  })

  it('is claimed by one of several that start at once over a stale one', async () => {
    const program = `
      const { claimPidFile } = await import(${JSON.stringify(import.meta.resolve('./pid-file.ts'))})
      process.stdout.write('ready\\n')
      process.stdin.once('data', () => {
        try {
          claimPidFile(${JSON.stringify(file)})
          process.stdout.write('claimed\\n')
        } catch (error) {
          process.stdout.write(error.name + '\\n')
        }
      })
      process.stdin.on('end', () => process.exit())`
    const starts = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      let said = ''
      let heard = (): void => {}
      child.stdout.on('data', (text) => {
        said += String(text)
        heard()
      })
      const line = async (number: number): Promise<string> => {
        while (said.split('\n').length <= number) await new Promise<void>((resolve) => (heard = resolve))
        return said.split('\n')[number - 1] as string
      }
      return { child, line, ended: new Promise((resolve) => child.once('close', resolve)) }
    })
    await Promise.all(starts.map(({ line }) => line(1)))
    writeFileSync(file, `${NOBODY}\n`)
    for (const { child } of starts) child.stdin.write('go\n')
    const answers = await Promise.all(starts.map(({ line }) => line(2)))
    expect(answers.filter((answer) => answer === 'claimed')).toHaveLength(1)
    for (const { child, ended } of starts) {
      child.stdin.end()
      await ended
    }
    expect(readdirSync(folder)).toEqual([])
  })
})
