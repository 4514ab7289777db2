/** What systemd hands over, and what it is notified of. */
import { openListeners, urlOf } from '@tsgi/listeners'
import type { Address } from '@tsgi/spec/server'
import { describe, expect, it } from 'vitest'
import { BIN, Folder } from './command.ts'

describe('a service of systemd', () => {
  it('listens where LISTEN_FDS says, and survives a notify socket that is gone', async () => {
    using folder = new Folder({
      'app.ts': `export default (environ, startResponse) => {
        startResponse(200, [])
        return JSON.stringify([process.env.LISTEN_FDS, process.env.NOTIFY_SOCKET])
      }`,
    })
    const held = await openListeners([{ host: '127.0.0.1', port: 0 }], false)
    const [socket] = held.descriptors(0)
    // As systemd does it: the variable has the number of the process that they are for.
    const shell = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
    const args = ['-c', shell, 'sh', process.execPath, '--', BIN, 'serve', 'app.ts']
    await using tsgi = folder.program(
      'sh',
      args,
      { NOTIFY_SOCKET: folder.file('gone') },
      { stdio: ['ignore', 'pipe', 'pipe', socket as number] },
    )
    expect(await tsgi.url()).toBe(urlOf(held.addresses[0] as Address).slice(0, -1))
    held.close()
    expect(await (await tsgi.get('/')).json()).toEqual([null, null])
    await tsgi.said(/systemd cannot be notified at .*gone/)
    expect(await tsgi.stop()).toBe(0)
  })
})
