import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { shown } from './dev-setup.ts'

describe('tsgi dev with a module that does not load', () => {
  it('listens all the same, and shows the error and its lines', async () => {
    using folder = new Folder({ 'app.ts': 'import "node:fs"\n\nexport default (a b) => 1\n' })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    const [, url] = await tsgi.said(/waiting for a change, to start again; (http:\S+) shows this error/)
    const { status, body } = await shown(`${url}any/path`)
    expect(status).toBe(500)
    expect(body).toContain('<h1>app.ts does not load</h1>')
    expect(body).toContain('<span class="hot">    3  export default (a b) =&gt; 1</span>')
    expect(body).toMatch(/<script src="\/\.tsgi\/live-reload\.js\?by=/)
    expect(tsgi.stderr).toContain('app.ts:3')
    expect(await tsgi.stop('SIGINT')).toBe(0)
  })
})
