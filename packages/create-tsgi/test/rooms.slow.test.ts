/** The packages as they are written, with this repository's packages in the place of installed ones. */
import { describe, expect, it } from 'vitest'
import { ROOMS, type RoomName } from '../src/index.ts'
import { check, run, written } from './written-room.ts'

/** What fails first, and how much there is besides. */
const LISTS: Readonly<Record<RoomName, RegExp>> = {
  server: /✔ boot-answers.*\n(?:.*\n)*?.*✖ body-string/,
  framework: /✔ text:.*\n(?:.*\n)*?.*✖ /,
  adapter: /✔ text:.*\n(?:.*\n)*?.*✖ /,
  middleware: /✖ 1\. adds the field.*\n(?:.*\n)*?.*✖ 2\. passes on startup/,
}

/** All would take a minute, since most of what is not there yet is waited for. */
const FEW = ['boot', 'body-string', 'text', 'json', String.raw`^\d\.`].map((name) => `--test-name-pattern=${name}`)

describe('a package to extend TSGI', { timeout: 240_000 }, () => {
  it.each(Object.keys(ROOMS) as RoomName[])('%s has the right types, builds, and fails with a list', async (room) => {
    const folder = written(room)
    expect(await check(folder)).toBe('')
    const { status, stdout } = await run(
      folder,
      process.execPath,
      '--test',
      '--test-reporter=spec',
      ...FEW,
      'test/*.test.ts',
    )
    expect(stdout).toMatch(LISTS[room])
    expect(status).toBe(1)
  })
})
