import { fieldLines, RequestParser, writeResponseHead } from '@tsgi/http1'

const parser = new RequestParser()
parser.receive(Buffer.from('GET /hello?to=you HTTP/1.1\r\nHost: example.org\r\n\r\n'))

const event = parser.next()
if (event.type === 'request') {
  const fields = { lines: fieldLines(['content-type', 'text/plain']), close: false, hasDate: false }
  const head = writeResponseHead(200, 'OK', fields, 5, { ...event, hasBody: event.method !== 'HEAD' }, '', '')
  process.stdout.write(`${event.path} ${event.query}\n${head.text}hello\n`)
}
