import { expect, it } from 'vitest'
import { Folder } from './command.ts'

/** A server module around `node:http`, for whose servers the command watches the application. */
const HOST = `import { listen } from 'some-host'
export const serverModule = {
  name: 'a host',
  inProcess: true,
  async serve(application, { listen: [{ host, port }] }) {
    const server = await listen(port, host)
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

const PACKAGE = {
  'node_modules/some-host/package.json': '{"type":"module","exports":"./index.js"}',
  'node_modules/some-host/index.js': `import http from 'node:http'
export const listen = (port, host) => new Promise((resolve) => {
  const server = http.createServer((request, response) => response.end('from the host'))
  server.listen({ port, host }, () => resolve(server))
})`,
}

it('a server around a host of node:http listens, whatever kind of application it serves', async () => {
  using folder = new Folder({
    ...PACKAGE,
    'host.js': HOST,
    'app.js': 'export default { fetch: () => new Response("from the application") }',
  })
  await using tsgi = folder.tsgi(['serve', 'app.js', '-p', '0', '--server', './host.js'])
  expect(await (await tsgi.get('/')).text()).toBe('from the host')
  expect(await tsgi.stop()).toBe(0)
})
