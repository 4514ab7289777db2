/** A server module on node:http, such as somebody may write: it knows the interface, but not all of it. */
export const SERVER = `import http from 'node:http'
export const serverModule = {
  name: 'my-server',
  inProcess: true,
  async serve(app, options = {}) {
    const server = http.createServer((request, response) => {
      HANDLE
    })
    const { host, port } = options.listen[0]
    await new Promise((resolve) => server.listen(port, host, resolve))
    const address = { family: 'IPv4', host, port: server.address().port }
    return {
      addresses: [address],
      urls: [],
      stats: () => ({ connections: 0, active: 0, requests: 0, accepted: 0 }),
      async close() {
        server.close()
        server.closeAllConnections()
        return { cutOff: 0 }
      },
    }
  },
}
`
export const serverThat = (handle: string): string => SERVER.replace('HANDLE', handle)
