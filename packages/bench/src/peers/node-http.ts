/** The runtime's own server, called by hand, as its documentation does. */
import { createServer, type ServerResponse } from 'node:http'
import { GREETING, STREAM_CHUNKS, streamChunk } from '../data/content.ts'
import { receive } from '../data/received.ts'
import { listening } from './listening.ts'

export const listen = (): Promise<number> =>
  listening(
    createServer(async (request, response) => {
      switch (request.url) {
        case '/plaintext':
          return answer(response, 'text/plain', GREETING)
        case '/json':
          return answer(response, 'application/json', JSON.stringify({ message: GREETING }))
        case '/upload': {
          const received = await receive(request, request.headers['x-crc'] !== undefined)
          return answer(response, 'application/json', JSON.stringify(received))
        }
        case '/stream':
          response.writeHead(200, { 'content-type': 'text/plain' })
          for (let at = 0; at < STREAM_CHUNKS; at++) response.write(streamChunk(at))
          return void response.end()
        default:
          response.writeHead(404).end()
      }
    }).listen(0, '127.0.0.1'),
  )

function answer(response: ServerResponse, type: string, content: string): void {
  response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(content) }).end(content)
}
