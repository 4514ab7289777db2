/** The quick part of rooms.slow.test.ts. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOMS, type RoomName } from '../src/index.ts'
import { run, written } from './written-room.ts'

describe('a package to extend TSGI', () => {
  it.each(Object.keys(ROOMS) as RoomName[])('%s has sources, tests and a manifest with its name', (room) => {
    const folder = written(room)
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({ name: 'my-room', type: 'module', keywords: expect.arrayContaining(['tsgi']) })
    expect(existsSync(join(folder, '.gitignore'))).toBe(true)
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toMatch(/^# my-room\n/)
    expect('./exercises' in manifest.exports).toBe(existsSync(join(folder, 'src/exercises.ts')))
  })

  it('middleware lists what is still to be written, in the order to write it', async () => {
    const folder = written('middleware')
    const { status, stdout } = await run(folder, process.execPath, '--test', '--test-reporter=tap', 'test/*.test.ts')
    const verdicts = [...stdout.matchAll(/^ +(ok|not ok) \d+ - (\d)\./gm)].map(([, verdict, number]) => [
      number,
      verdict,
    ])
    expect(verdicts.map(([number]) => number)).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(verdicts.filter(([, verdict]) => verdict === 'not ok').map(([number]) => number)).toEqual(['1', '2'])
    expect(status).toBe(1)
  })
})
