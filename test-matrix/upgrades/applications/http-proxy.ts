/** http-proxy in front of the server that UPSTREAM names. */
import http from 'node:http'
import httpProxy from 'http-proxy'

const proxy = httpProxy.createProxyServer({ target: process.env['UPSTREAM'] as string, ws: true })
proxy.on('error', () => {})
const server = http.createServer((request, response) => proxy.web(request, response))
server.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head))
server.listen(3000)
