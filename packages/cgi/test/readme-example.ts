import { UwsgiParser, writeUwsgiPacket } from '@tsgi/cgi'

// What nginx would send for GET /hello?to=you
const packet = writeUwsgiPacket([
  'REQUEST_METHOD',
  'GET',
  'REQUEST_URI',
  '/hello?to=you',
  'SERVER_PROTOCOL',
  'HTTP/1.1',
  'REMOTE_ADDR',
  '192.0.2.1',
  'HTTP_HOST',
  'example.org',
])

const parser = new UwsgiParser()
parser.receive(packet)

const event = parser.next()
if (event.type === 'request') {
  process.stdout.write(`${event.method} ${event.path} ${event.query} for ${event.remoteAddr}\n`)
}
