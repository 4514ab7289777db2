import { runWorker } from '@tsgi/supervisor/worker'

// A server of its own kind: whoever connects is told who took the connection.
runWorker(({ slot }) => {
  let accepted = 0
  return {
    acceptOptions: {},
    attach: (listener) =>
      listener.on('connection', (socket) => {
        accepted++
        socket.end(`worker ${slot}\n`)
      }),
    stats: () => ({ connections: 0, active: 0, requests: accepted, accepted }),
    drain: () => Promise.resolve({ cutOff: 0 }),
  }
})
