import net from 'node:net'
import { text } from 'node:stream/consumers'
import { writeUwsgiPacket } from '@tsgi/cgi'
import { describe, expect, it } from 'vitest'
import { APPLICATION, DOCUMENT, documented, documentedAddress, WAYS } from './behind-nginx-setup.ts'
import { Folder } from './command.ts'

describe('an application behind nginx', () => {
  it.each(WAYS)('by %s has a documented file, and an address that it fits', (way) => {
    expect(documented(way)).toContain('unix:/run/site/app.sock;')
    expect(DOCUMENT).toContain(`tsgi serve app.ts -b ${documentedAddress(way)} --socket-mode 660`)
  })

  it('is answered on a listener that speaks uwsgi, beside one that speaks HTTP', async () => {
    using folder = new Folder({ 'app.js': APPLICATION })
    const path = folder.file('app.sock')
    await using tsgi = folder.tsgi(['serve', 'app.js', '-b', `uwsgi+unix:${path}`, '-b', '127.0.0.1:0'])
    const [, url] = await tsgi.said(/listening on uwsgi\+unix:\/\/\S+ (http:\/\/127\.0\.0\.1:\d+\/)/)
    const socket = net.connect(path)
    socket.end(
      writeUwsgiPacket([
        'REQUEST_METHOD',
        'GET',
        'REQUEST_URI',
        '/shop/env',
        'SCRIPT_NAME',
        '/shop',
        'PATH_INFO',
        '/shop/env',
      ]),
    )
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      scriptName: '/shop',
      pathInfo: '/env',
    })
    expect(await (await fetch(url as string)).text()).toBe('hello')
  })
})
