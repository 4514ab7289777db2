/** On a terminal of its own, which util-linux's `script` makes. */
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { Folder } from './command.ts'
import { hasScript, APP, onTerminal, isAlive } from './terminal-setup.ts'

describe.skipIf(!hasScript)('on a terminal', () => {
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
