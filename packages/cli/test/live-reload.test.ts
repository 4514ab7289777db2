import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { PAGE, shown } from './dev-setup.ts'

describe('live reload', () => {
  it('gives a page the script of the process that made it, which the stream names too', async () => {
    using folder = new Folder({ 'app.ts': PAGE })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    const url = await tsgi.url()
    const events = await fetch(`${url}/.tsgi/live-reload`)
    const reader = (events.body as ReadableStream<Uint8Array>).getReader()
    const [, made] = /data: (\S+)/.exec(new TextDecoder().decode((await reader.read()).value)) ?? []
    expect((await shown(url)).body).toContain(`live-reload.js?by=${made}"`)
  })
})
