// The same answer on the runtime's own server, written as its documentation does.
import http from 'node:http'

const server = http.createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 13 })
  response.end('Hello, World!')
})
server.listen(Number(process.argv[2]), '127.0.0.1')
