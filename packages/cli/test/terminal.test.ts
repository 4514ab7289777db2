/** On a terminal of its own, which util-linux's `script` makes. */
import { spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { BIN, Folder } from './command.ts'

const hasScript = spawnSync('script', ['--version']).status === 0

const APP = `export default (environ, startResponse) => { startResponse(200, []); return String(process.pid) }`

const onTerminal = (folder: Folder, args: string) =>
  folder.program('script', ['-qfec', `stty cols 120; exec ${process.execPath} ${BIN} ${args}`, '/dev/null'])

describe.skipIf(!hasScript)('on a terminal', () => {
  it('greets with a banner of five lines', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = onTerminal(folder, 'serve app.ts -p 0')
    await tsgi.said(/reload .*\r\n/)
    const lines = stripVTControlCharacters(tsgi.stdout)
      .split('\r\n')
      .filter((line) => line !== '')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/^ {2}tsgi \S+ · event-loop · Node 26\.\S+ · production$/)
    expect(lines[1]).toBe('  app      app.ts  a TSGI function')
    expect(lines[2]).toMatch(/^ {2}address {2}http:\/\/127\.0\.0\.1:\d+\/ {2}this machine only/)
    for (const line of lines) expect(line.length).toBeLessThan(120)
  })

  it('says how many workers serve, and how to reload them', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = onTerminal(folder, 'serve app.ts -p 0 --server cluster -w 2 --pid-file pid')
    const [line] = await tsgi.said(/reload .*\r\n/)
    expect(stripVTControlCharacters(tsgi.stdout)).toMatch(/^ {2}tsgi \S+ · cluster × 2 · Node /m)
    expect(stripVTControlCharacters(line)).toMatch(/^reload {3}tsgi reload --pid-file pid, or kill -HUP \d+\r\n$/)
    const pid = Number(/-HUP (\d+)/.exec(line)?.[1])
    process.kill(pid, 'SIGHUP')
    await tsgi.said(/reloaded: generation 2 serves/)
    process.kill(pid, 'SIGTERM')
    expect(await tsgi.exit).toBe(0)
  })

  it('drains when the terminal closes, but not for a HUP while it is open', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = onTerminal(folder, 'serve app.ts -p 0')
    const [url] = await tsgi.said(/http:\/\/127\.0\.0\.1:\d+/)
    const pid = Number(await (await fetch(url)).text())
    process.kill(pid, 'SIGHUP')
    await tsgi.said(/SIGHUP: this server cannot load the application anew/)
    expect(Number(await (await fetch(url)).text())).toBe(pid)
    tsgi.signal('SIGKILL')
    await tsgi.exit
    await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 })
    await expect(fetch(url)).rejects.toThrow()
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
