/** Every way to set fields, the errors that Node gives for wrong ones, and what the request tells of its own. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { nodeHttp, tsgiHosts } from './hosts.ts'
import { codeOf, expectAsOnNode, type Case } from './observe.ts'
import { requestText, talk } from './wire.ts'

type Act = (response: ServerResponse, note: (text: string) => void, request: IncomingMessage) => unknown

/** Calls `act`, then ends the response; what it throws is noted by its code and message. */
const head = (act: Act, differs: Case['differs'] = {}): Case => ({
  differs,
  listener: (request, response, note) => {
    try {
      act(response, note, request)
    } catch (error) {
      note(`${(error as Error).constructor.name} ${codeOf(error as Error)} ${(error as Error).message}`)
    }
    note(
      JSON.stringify([response.getHeaders(), response.getHeaderNames(), response.statusCode, response.statusMessage]),
    )
    response.end('body')
  },
})

/** As {@link head}, for an `act` that makes the head. */
const madeHead = (act: Act): Case => head(act, { answer: 'length' })

/** As {@link head}, for calls whose error has the same code as Node's and a message of its own. */
const wrong = (act: Act, differs: Case['differs'] = {}): Case => ({
  differs,
  listener: (request, response, note) => {
    try {
      act(response, note, request)
      note('accepted')
    } catch (error) {
      note(`${(error as Error).constructor.name} ${codeOf(error as Error)}`)
    }
    if (!response.headersSent) response.statusMessage = ''
    if (!response.writableEnded) response.end('body')
  },
})

const cases: Readonly<Record<string, Case>> = {
  'writeHead with a status': madeHead((response) => response.writeHead(201)),
  'writeHead with a reason phrase': madeHead((response) => response.writeHead(201, 'Made')),
  'writeHead with an object': madeHead((response) =>
    response.writeHead(200, { 'X-A': '1', 'Set-Cookie': ['a=1', 'b=2'] }),
  ),
  'writeHead with a reason phrase and an object': madeHead((response) => response.writeHead(200, 'Fine', { 'X-N': 5 })),
  'writeHead with a flat array': madeHead((response) => response.writeHead(200, ['X-A', '1', 'X-B', '2', 'X-A', '3'])),
  'writeHead with a flat array whose values are arrays': madeHead((response) =>
    response.writeHead(200, ['Set-Cookie', ['a=1', 'b=2'], 'X-A', '1'] as never),
  ),
  'writeHead with an array of pairs': madeHead((response) =>
    response.writeHead(200, [
      ['X-A', '1'],
      ['X-A', '2'],
    ] as never),
  ),
  'writeHead with an object over fields set before': madeHead((response) => {
    response.setHeader('X-A', 'old').setHeader('X-B', 'kept')
    response.writeHead(200, { 'x-a': 'new' })
  }),
  'writeHead with a flat array over fields set before': madeHead((response) => {
    response.setHeader('X-A', 'old').setHeader('X-B', 'kept')
    response.writeHead(200, ['x-a', '1', 'x-a', '2'])
  }),
  'writeHead with undefined fields': madeHead((response) => response.writeHead(200, undefined)),
  'writeHead gives back the response': madeHead((response, note) => note(String(response.writeHead(200) === response))),
  'statusCode and statusMessage': head((response) => {
    response.statusCode = 404
    response.statusMessage = 'Gone fishing'
  }),
  'a status that Node has no phrase for': head((response) => (response.statusCode = 299)),
  'setHeader with an array': head((response) => response.setHeader('Set-Cookie', ['a=1', 'b=2'])),
  'setHeader with a number': head((response) => response.setHeader('Content-Length', 4)),
  'setHeader with a cookie array': head((response) => response.setHeader('Cookie', ['a=1', 'b=2'])),
  'setHeader again': head((response) => response.setHeader('X-A', '1').setHeader('x-a', '2')),
  'setHeaders with a Map and with Headers': head((response) => {
    response.setHeaders(new Map([['X-A', '1']]))
    response.setHeaders(
      new Headers([
        ['x-b', '2'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ]),
    )
  }),
  appendHeader: head((response) => {
    response.appendHeader('X-A', '1')
    response.appendHeader('x-a', ['2', '3'])
  }),
  'getHeader, hasHeader and removeHeader': head((response, note) => {
    response.setHeader('X-A', '1').setHeader('X-B', ['2', '3'])
    note(JSON.stringify([response.getHeader('x-a'), response.getHeader('X-B'), response.hasHeader('x-A')]))
    response.removeHeader('X-a')
    note(JSON.stringify([response.getHeader('x-a'), response.hasHeader('x-a')]))
  }),
  'a value with outer whitespace': madeHead((response) =>
    response.writeHead(200, { 'X-A': ' padded\t', 'X-B': '', 'X-C': ' ' }),
  ),
  'a Date of the listener': head((response) => response.setHeader('Date', 'Thu, 01 Jan 1970 00:00:00 GMT')),
  'a value of Latin-1 with a body of bytes': {
    listener: (_, response) => response.setHeader('X-A', 'é').end(Buffer.from('x')),
  },
  'transfer-encoding: chunked with a whole body': head((response) =>
    response.setHeader('Transfer-Encoding', 'chunked'),
  ),
  'upgrade, which 426 must have': head((response) => {
    response.statusCode = 426
    response.setHeader('Upgrade', 'websocket')
  }),
  'connection: close': head((response) => response.setHeader('Connection', 'close')),
  'connection: keep-alive': {
    ...head((response) => response.setHeader('Connection', 'keep-alive').setHeader('Keep-Alive', 'timeout=9')),
    request: ['GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  },

  'a name that is no token': head((response) => response.setHeader('X A', '1')),
  'a value with a line break': head((response) => response.setHeader('X-A', '1\r\nX-B: 2')),
  'a value with a wide character': head((response) => response.setHeader('X-A', '€')),
  'an undefined value': head((response) => response.setHeader('X-A', undefined as never)),
  'setHeader after the head': wrong((response) => {
    response.write('x')
    response.setHeader('X-A', '1')
  }),
  'appendHeader after the head': wrong((response) => {
    response.flushHeaders()
    response.appendHeader('X-A', '1')
  }),
  'removeHeader after the head': wrong(
    (response) => {
      response.writeHead(200)
      response.removeHeader('X-A')
    },
    { answer: 'length' },
  ),
  'writeHead twice': madeHead((response) => {
    response.writeHead(200)
    response.writeHead(404)
  }),
  'early hints after the head': wrong(
    (response) => {
      response.writeHead(200)
      response.writeEarlyHints({ link: '</a>; rel=preload' })
    },
    { answer: 'length' },
  ),
  'a wrong link in early hints': wrong((response) => response.writeEarlyHints({ link: 'bad' })),
  'writeHead with a name that is no token': wrong((response) => response.writeHead(200, { 'X A': '1' })),
  'writeHead with a value with a line break': wrong((response) => response.writeHead(200, { 'X-A': '1\n2' })),
  'writeHead with an undefined value': wrong((response) => response.writeHead(200, { 'X-A': undefined })),
  'writeHead with an odd list': wrong((response) => response.writeHead(200, ['X-A'])),
  'writeHead with a reason phrase of two lines': wrong((response) => response.writeHead(200, 'a\r\nb')),
  'writeHead with no status': wrong((response) => response.writeHead('no' as never)),
  'trailers announced for a declared length': wrong((response) =>
    response.writeHead(200, { Trailer: 'X-A', 'Content-Length': 4 }),
  ),
  'a trailer with a line break': wrong((response) => response.addTrailers({ 'X-A': '1\n2' })),
  'a null chunk': wrong((response) => response.write(null)),
  'a chunk that is a number': wrong((response) => response.write(5)),
  'a chunk of end that is an object': wrong((response) => response.end({})),
  'strictContentLength: too much in one write': wrong((response) => {
    response.strictContentLength = true
    response.writeHead(200, { 'Content-Length': 4 })
    response.write('12345')
  }),
  'strictContentLength: too little at the end': wrong((response) => {
    response.strictContentLength = true
    response.writeHead(200, { 'Content-Length': 4 })
    response.end('123')
  }),
  'strictContentLength: exact, in pieces': wrong((response) => {
    response.strictContentLength = true
    response.writeHead(200, { 'Content-Length': 4 })
    response.write('12')
    response.end('34')
  }),
  'trailers after writeHead, with a whole body': wrong((response) => {
    response.writeHead(200)
    response.addTrailers({ 'X-A': '1' })
  }),
}

for (const host of tsgiHosts) {
  describe(host.name, () => {
    for (const [name, subject] of Object.entries(cases)) test(name, () => expectAsOnNode(host, subject))
  })
}

/** What a request says of itself. */
const portrait = (request: IncomingMessage, response: ServerResponse): unknown =>
  response.end(
    JSON.stringify({
      method: request.method,
      url: request.url,
      version: [request.httpVersion, request.httpVersionMajor, request.httpVersionMinor],
      headers: request.headers,
      distinct: request.headersDistinct,
      raw: request.rawHeaders.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text)),
      address: [request.socket.remoteAddress, request.socket.remoteFamily, typeof request.socket.remotePort],
      same: [request.socket === response.socket, request.socket === request.connection, response.req === request],
      encrypted: Boolean((request.socket as { readonly encrypted?: boolean }).encrypted),
      state: [request.complete, request.aborted, request.destroyed, request.readable, request.readableEnded],
      socket: [request.socket.destroyed, request.socket.readable, request.socket.writable],
      response: [response.writable, response.writableEnded, response.writableLength, response.writableCorked],
      room: [response.writableNeedDrain, response.writableObjectMode, response.closed, response.destroyed],
    }),
  )

const requests: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  'a plain request': requestText('GET', '/a/b?c=d&e'),
  'repeated fields': [
    'GET / HTTP/1.1\r\nHost: a\r\nAccept: x\r\nAccept: y\r\nCookie: a=1\r\nCookie: b=2\r\nX-A: 1\r\nx-a: 2\r\n\r\n',
  ],
  'fields of which Node keeps the first': [
    'GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: x\r\nUser-Agent: y\r\nAge: 1\r\nAge: 2\r\n\r\n',
  ],
  'an encoded path': requestText('GET', '/%61%2Fb//c/../d?%20'),
  'an unusual method': requestText('PROPFIND', '/'),
  'a field of Latin-1': [Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nX-A: \xe9\r\n\r\n', 'latin1')],
  'HTTP/1.0': ['GET / HTTP/1.0\r\nHost: a\r\n\r\n'],
}

for (const host of tsgiHosts) {
  describe(`a request on ${host.name}`, () => {
    for (const [name, request] of Object.entries(requests)) {
      test(name, async () => {
        await using node = await nodeHttp.serve(portrait)
        await using tsgi = await host.serve(portrait)
        const expected = await talk(node.port, request)
        const actual = await talk(tsgi.port, request)
        expect(JSON.parse(actual.final?.body.toString() ?? '')).toEqual(
          JSON.parse(expected.final?.body.toString() ?? ''),
        )
      })
    }
  })
}
