import { listen, parseTarget, urlOf } from '@tsgi/listeners'

const target = parseTarget('127.0.0.1:0')
if (target === undefined) throw new Error('expected an address')

const listener = await listen(target, { backlog: 511 }, (server) => {
  server.on('connection', (socket) => socket.end('hello\n'))
})
console.log(urlOf(listener.address))
listener.close()
