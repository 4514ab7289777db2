import { describe, expect, it } from 'vitest'
import { readHead } from './response-head.ts'

describe('the head of a response', () => {
  it('becomes a status and lower-case fields, repeats kept', () => {
    expect(readHead('201 Created\0Set-Cookie\0a=1\0Set-Cookie\0b=2\0X-Space\0 a b \0')).toEqual({
      status: 201,
      headers: ['set-cookie', 'a=1', 'set-cookie', 'b=2', 'x-space', 'a b'],
    })
  })

  it('leaves the connection to the server, but for the wish to close it', () => {
    const head = '200 OK\0Connection\0keep-alive\0Keep-Alive\0timeout=5\0Transfer-Encoding\0chunked\0Connection\0Close'
    expect(readHead(head).headers).toEqual(['connection', 'Close'])
  })

  it('leaves the length out where there is no content', () => {
    expect(readHead('204 No Content\0Content-Length\x000').headers).toEqual([])
    expect(readHead('304 Not Modified\0Content-Length\x005').headers).toEqual(['content-length', '5'])
  })
})
