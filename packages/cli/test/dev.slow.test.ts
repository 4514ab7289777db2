import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { Folder } from './command.ts'
import { PAGE, shown, statusOf } from './dev-setup.ts'

// Each starts several processes one after the other.
const PATIENT = { timeout: 90_000 }

describe('tsgi dev with a module that does not load', PATIENT, () => {
  it('shows the error from the start, and serves the module once it is repaired', async () => {
    using folder = new Folder({ 'app.ts': 'import "node:fs"\n\nexport default (a b) => 1\n' })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    const [, url] = await tsgi.said(/waiting for a change, to start again; (http:\S+) shows this error/)
    expect(await shown(url as string)).toMatchObject({ status: 500 })

    folder.write({ 'app.ts': PAGE })
    await tsgi.url()
    const repaired = await shown(url as string)
    expect(repaired).toEqual({
      status: 200,
      body: expect.stringMatching(/^<p>hello \/<script src="\/\.tsgi\/live-reload/),
    })
  })

  it('shows the error of a cluster’s workers too, and starts again when the module changes', async () => {
    using folder = new Folder({ 'app.ts': 'const a = 1\n\nthrow new Error("no database")\n' })
    await using tsgi = folder.tsgi([
      'dev',
      'app.ts',
      '-p',
      '0',
      '--server',
      'cluster',
      '-w',
      '1',
      '--boot-timeout',
      '80s',
    ])
    const [, url] = await tsgi.said(/to start again; (http:\S+) shows this error/)
    const { body } = await shown(url as string)
    expect(body).toContain('no database')
    expect(body).toContain('<span class="hot">    3  throw new Error(&quot;no database&quot;)</span>')
    folder.write({ 'app.ts': PAGE })
    await tsgi.url()
  })

  it('says so where the module ends the process', async () => {
    using folder = new Folder({ 'app.ts': 'process.exit(7)' })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    const [, url] = await tsgi.said(/ended with exit code 7[^]*to start again; (http:\S+) shows this error/)
    expect(await shown(url as string)).toMatchObject({
      status: 500,
      body: expect.stringContaining('The process of the application ended with exit code 7'),
    })
    expect(await tsgi.stop('SIGINT')).toBe(0)
  })

  it('shows an error that escapes while it starts', async () => {
    using folder = new Folder({
      'app.ts': `setImmediate(() => { throw new Error('no database') })\nawait new Promise((done) => setTimeout(done, 10_000))\n${PAGE}`,
    })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0', '--no-live-reload'])
    const [, url] = await tsgi.said(/to start again; (http:\S+) shows this error/)
    const { body } = await shown(url as string)
    expect(body).toContain('Error: no database')
    expect(body).toContain('<span class="hot">    1  setImmediate(')
    expect(body).not.toContain('<script')
  })
})

describe('tsgi dev', PATIENT, () => {
  it('stays on this machine, checks the host, and opens the browser', async () => {
    using folder = new Folder({ 'app.ts': PAGE, browser: '#!/bin/sh\necho "opened $1" > "$TMPDIR/opened"\n' })
    chmodSync(folder.file('browser'), 0o755)
    const args = ['dev', 'app.ts', '-p', '0', '--open', '--allowed-hosts', 'dev.example']
    await using tsgi = folder.tsgi(args, { PORT: '1', BROWSER: './browser' })
    const url = await tsgi.url()
    expect(url).toContain('//127.0.0.1:')
    const hosts = ['localhost', 'dev.example', '10.0.0.1', 'evil.example']
    expect(await Promise.all(hosts.map((host) => statusOf(url, host)))).toEqual([200, 200, 200, 403])
    await vi.waitUntil(() => existsSync(folder.file('opened')), { timeout: 60_000 })
    await vi.waitUntil(() => readFileSync(folder.file('opened'), 'utf8') === `opened ${url}/\n`, { timeout: 60_000 })
  })
})
