import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { APP, word } from './watch-setup.ts'

describe('--watch', () => {
  it('starts anew when a module that was loaded changes, on the same port', async () => {
    using folder = new Folder({ 'app.ts': APP, ...word('one') })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    const url = await tsgi.url()
    const [text, pid] = (await (await fetch(url)).text()).split(' ')
    expect(text).toBe('one')
    folder.write(word('two'))
    await tsgi.said(/word\.ts changed; starting again/)
    expect(await tsgi.url(2)).toBe(url)
    const [newText, newPid] = (await (await fetch(url)).text()).split(' ')
    expect(newText).toBe('two')
    expect(newPid).not.toBe(pid)
  })

  it('ends with its signals, waiting or serving', async () => {
    using folder = new Folder({ 'app.ts': 'throw new Error("not yet")' })
    await using waiting = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    await waiting.said(/waiting for a change/)
    expect(await waiting.stop('SIGTERM')).toBe(0)
  })
})
