import net from 'node:net'
import { ACCEPT_OPTIONS, HttpServer } from '@tsgi/connection'
import type { Application } from '@tsgi/spec'

const application: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return `You asked for ${environ.pathInfo}\n`
}

const facts = { name: 'example/1.0', multithread: true, multiprocess: false, runOnce: false }
const http = new HttpServer(application, {}, facts)
const listener = net.createServer(ACCEPT_OPTIONS)
listener.listen(0, '127.0.0.1', async () => {
  http.attach(listener)
  const { port } = listener.address() as net.AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/hello`)
  process.stdout.write(await response.text())
  listener.close()
  await http.drain()
})
