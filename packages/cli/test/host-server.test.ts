import { expect, it } from 'vitest'
import { Folder } from './command.ts'

/** A server module around `node:http`, for whose servers the command watches the application. */
const HOST = `import http from 'node:http'
export const serverModule = {
  name: 'a host',
  inProcess: true,
  async serve(application, { listen: [{ host, port }] }) {
    const server = http.createServer((request, response) => response.end('from the host'))
    await new Promise((resolve) => server.listen(port, host, resolve))
    const address = server.address()
    return {
      addresses: [{ family: 'IPv4', host, port: address.port }],
      urls: ['http://' + host + ':' + address.port + '/'],
      stats: () => ({ connections: 0, active: 0, requests: 0, accepted: 0 }),
      async close() {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
        return { cutOff: 0 }
      },
    }
  },
}
export default serverModule`

it('a server around a host of node:http listens, whatever kind of application it serves', async () => {
  using folder = new Folder({ 'host.js': HOST, 'app.js': 'export default (request, response) => response.end()' })
  await using tsgi = folder.tsgi(['serve', 'app.js', '--as', 'node', '-p', '0', '--server', './host.js'])
  expect(await (await tsgi.get('/')).text()).toBe('from the host')
  expect(await tsgi.stop()).toBe(0)
})
