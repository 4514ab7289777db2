/** On a terminal of its own, which util-linux's `script` makes. */
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { hasScript, APP, onTerminal } from './terminal-setup.ts'

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
})
