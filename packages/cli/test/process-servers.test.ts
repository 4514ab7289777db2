/** The servers that have processes of their own, by the command. */
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { describeProcessServer } from './describe-process-server.ts'
import { FILES, CLUSTER } from './process-servers-setup.ts'

describe('a server with processes of its own', () => {
  describeProcessServer('cluster', CLUSTER, { multiprocess: true, runOnce: false })
})

describe('settings of processes', () => {
  it.each([
    [['--server', 'cluster', '--workers', '0'], '--workers 0: expected a whole number from 1 on, or auto'],
    [['--server', 'cluster', '--workers', '1.5'], '--workers 1.5: expected a whole number from 1 on, or auto'],
  ])('%j make no sense: exit code 2', async (flags, expected) => {
    using folder = new Folder(FILES)
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', '0', '--pid-file', 'pid', ...flags])
    expect(stderr).toContain(expected)
    expect(exitCode).toBe(2)
    expect(existsSync(folder.file('pid'))).toBe(false)
  })
})
