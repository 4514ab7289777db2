/**
 * A response that is over before its request is: what the listener still gets of the body, and what destroying does then.
 * Each row runs on `node:http` and on a TSGI host; the answer, and the events of each object, are compared.
 */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { nodeHttp, tsgiHosts, type Host } from './hosts.ts'
import { codeOf } from './observe.ts'
import { requestText, talk } from './wire.ts'

interface Row {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown
  readonly request: readonly string[]
  /** What the client sends when it has the head of the response. */
  readonly later?: string
  /** The client resets the connection then instead. */
  readonly leaves?: true
  /** Node has nothing to say of the request. */
  readonly quiet?: true
}

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n'
const whole = [`${HEAD}hello world!`]
const part = [`${HEAD}hello `]
const big = 'y'.repeat(40_000)
const read = (request: IncomingMessage): unknown => request.on('data', () => {})

/** The listener reads on, behind its own answer. */
const reads: Readonly<Record<string, Row>> = {
  'ends, then listens': {
    listener: (request, response) => {
      response.end('x')
      read(request)
    },
    request: whole,
  },
  'listens, then ends without a body': {
    listener: (request, response) => {
      read(request)
      response.writeHead(202, { 'content-length': 0 }).end()
    },
    request: part,
    later: 'world!',
  },
  'ends with a body': {
    listener: (request, response) => {
      read(request)
      response.end('x')
    },
    request: part,
    later: 'world!',
  },
  'ends after writeHead with a length': {
    listener: (request, response) => {
      read(request)
      response.writeHead(200, { 'content-length': 1 }).end('x')
    },
    request: part,
    later: 'world!',
  },
  'ends what it wrote in pieces': {
    listener: (request, response) => {
      read(request)
      response.setHeader('content-length', 2)
      response.write('x')
      response.end('y')
    },
    request: part,
    later: 'world!',
  },
  'ends in a later turn, then listens': {
    listener: async (request, response) => {
      await delay(5)
      response.end('x')
      read(request)
    },
    request: part,
    later: 'world!',
  },
  'ends with 204': {
    listener: (request, response) => {
      read(request)
      response.writeHead(204).end()
    },
    request: whole,
  },
  'answers HEAD': {
    listener: (request, response) => {
      read(request)
      response.end('x')
    },
    request: [`${HEAD.replace('POST', 'HEAD')}hello world!`],
  },
  'reads more than a server drains': {
    listener: (request, response) => {
      read(request)
      response.end('x')
    },
    request: [`${HEAD.replace('12', '120000')}${big}`],
    later: big + big,
  },
  'iterates over the body': {
    listener: async (request, response) => {
      response.end('x')
      for await (const _ of request) continue
    },
    request: part,
    later: 'world!',
  },
  'pauses and resumes': {
    listener: (request, response) => {
      request.once('data', () => {
        request.pause()
        setTimeout(() => request.resume(), 20)
      })
      read(request)
      response.end('x')
    },
    request: part,
    later: 'world!',
  },
  'does not read, and waits for the end': {
    listener: (_, response) => response.end('x'),
    request: part,
    later: 'world!',
  },
  'does not read a body that has arrived': {
    listener: async (_, response) => {
      await delay(20)
      response.end('x')
    },
    request: whole,
  },
  'reads chunks and trailers': {
    listener: (request, response) => {
      read(request)
      response.end('x')
    },
    request: ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n'],
    later: '6\r\nworld!\r\n0\r\nX-T: 1\r\n\r\n',
  },
}

/** The client leaves behind the response: nothing is emitted on a request whose response has finished. */
const leaves: Readonly<Record<string, Row>> = {
  'while the listener reads': {
    listener: (request, response) => {
      read(request)
      response.end('x')
    },
    request: part,
    leaves: true,
    quiet: true,
  },
  'while it does not': { listener: (_, response) => response.end('x'), request: part, leaves: true, quiet: true },
  'while it has paused': {
    listener: (request, response) => {
      request.once('data', () => request.pause())
      response.end('x')
    },
    request: part,
    leaves: true,
    quiet: true,
  },
  'after an answer in a later turn': {
    listener: async (request, response) => {
      read(request)
      await delay(5)
      response.statusCode = 502
      response.end('x')
    },
    request: part,
    leaves: true,
    quiet: true,
  },
}

const ended = (
  end: (response: ServerResponse) => unknown,
  destroy: (request: IncomingMessage, response: ServerResponse) => unknown,
): Row => ({
  listener: (request, response) => {
    response.statusCode = 413
    end(response)
    destroy(request, response)
  },
  request: part,
})
const end = (response: ServerResponse): unknown => response.end('too big')

/** What was ended is delivered, whatever is destroyed then. */
const destroys: Readonly<Record<string, Row>> = {
  'the request': ended(end, (request) => request.destroy()),
  'the request, with an error': ended(end, (request) => request.destroy(new Error('mine'))),
  'the response': { ...ended(end, (_, response) => response.destroy()), quiet: true },
  'the response, with an error': ended(end, (_, response) => response.destroy(new Error('mine'))),
  'the socket': { ...ended(end, (request) => request.socket.destroy()), quiet: true },
  'the socket by its old name': { ...ended(end, (request) => request.connection.destroy()), quiet: true },
  'the socket of the response': { ...ended(end, (_, response) => response.socket?.destroy()), quiet: true },
  'the socket, soon': { ...ended(end, (request) => request.socket.destroySoon()), quiet: true },
  'the socket, by ending it': { ...ended(end, (request) => request.socket.end()), quiet: true },
  'the request, of an answer with a head': ended(
    (response) => response.writeHead(413, { 'content-length': 7 }).end('too big'),
    (request) => request.destroy(),
  ),
  'the request, of an answer without a body': ended(
    (response) => response.end(),
    (request) => request.destroy(),
  ),
  'the request, of an answer in pieces': ended(
    (response) => {
      response.setHeader('content-length', 7)
      response.write('too ')
      response.end('big')
    },
    (request) => request.destroy(),
  ),
  'the request, of an answer whose head is out': ended(
    (response) => {
      response.setHeader('content-length', 7)
      response.flushHeaders()
      response.end('too big')
    },
    (request) => request.destroy(),
  ),
  'the request, in a microtask': ended(end, (request) => void Promise.resolve().then(() => request.destroy())),
  'the request, on the next tick': ended(end, (request) => process.nextTick(() => request.destroy())),
  'the request, of an answer in a later turn': {
    listener: async (request, response) => {
      await delay(5)
      response.end('too big')
      request.destroy()
    },
    request: part,
  },
  'a request without a body': {
    ...ended(end, (request) => request.destroy()),
    request: ['GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  },
  'a HEAD request': { ...ended(end, (request) => request.destroy()), request: ['HEAD / HTTP/1.1\r\nHost: a\r\n\r\n'] },
  'a request whose body is read': {
    listener: (request, response) =>
      request.once('data', () => {
        response.end('too big')
        request.destroy()
      }),
    request: part,
  },
}

interface Outcome {
  readonly status: string
  readonly body: string
  readonly requestEvents: readonly string[]
  readonly responseEvents: readonly string[]
  readonly text: string
}

async function outcome(host: Host, { listener, request: parts, later, leaves: resets, quiet }: Row): Promise<Outcome> {
  const requestEvents: string[] = []
  const responseEvents: string[] = []
  let text = ''
  const requestClosed = Promise.withResolvers<void>()
  const responseClosed = Promise.withResolvers<void>()
  await using running = await host.serve((request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/others') return response.end()
    for (const event of ['aborted', 'error', 'end', 'close']) {
      request.on(event, (error?: Error) =>
        requestEvents.push(error === undefined ? event : `${event} ${codeOf(error)}`),
      )
    }
    for (const event of ['finish', 'error', 'close']) response.on(event, () => responseEvents.push(event))
    const { emit } = request
    request.emit = function (this: IncomingMessage, event: string, ...args: unknown[]) {
      const heard = this.listenerCount('data') > 0 || this.listenerCount('readable') > 0
      if (event === 'data' && heard) text += String(args[0])
      return Reflect.apply(emit, this, [event, ...args]) as boolean
    }
    request.on('close', requestClosed.resolve)
    response.on('close', responseClosed.resolve)
    return listener(request, response)
  })
  let answer = ''
  const socket = net.connect(running.port, '127.0.0.1')
  socket.on('data', (data) => (answer += data.toString('latin1')))
  socket.on('error', () => {})
  const answered = once(socket, 'data')
  for (const sent of parts) socket.write(sent)
  await answered
  await responseClosed.promise
  if (later !== undefined) socket.write(later)
  if (resets === true) socket.resetAndDestroy()
  if (quiet !== true) await requestClosed.promise
  // Behind whatever the server has to say of the first connection.
  await talk(running.port, requestText('GET', '/others'))
  socket.destroy()
  expect(running.findings).toEqual([])
  expect(running.log).toEqual([])
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  return { status: head.slice(9, 12), body, requestEvents, responseEvents, text }
}

/** What Node says of its response: an answer that was handed over counts as sent, also where Node had no time to say so. */
const withoutFinish = ({ responseEvents, ...rest }: Outcome): Outcome => ({
  ...rest,
  responseEvents: responseEvents.filter((event) => event !== 'finish'),
})

for (const host of tsgiHosts) {
  describe(`on ${host.name}, a listener that answers early`, () => {
    for (const [name, row] of Object.entries(reads)) {
      test(`and ${name} gets the whole body`, async () => {
        expect(await outcome(host, row)).toEqual(await outcome(nodeHttp, row))
      })
    }
  })

  describe(`on ${host.name}, a client that leaves behind its response`, () => {
    for (const [name, row] of Object.entries(leaves)) {
      test(`${name} ends nothing`, async () => expect(await outcome(host, row)).toEqual(await outcome(nodeHttp, row)))
    }
  })

  describe(`on ${host.name}, an answer that was ended is delivered`, () => {
    for (const [name, row] of Object.entries(destroys)) {
      test(`when the listener destroys ${name}`, async () => {
        const { text: _, ...expected } = withoutFinish(await outcome(nodeHttp, row))
        expect(withoutFinish(await outcome(host, row))).toMatchObject(expected)
      })
    }

    test('and the connection ends behind it, so that no later request is answered', async () => {
      await using running = await host.serve((request: IncomingMessage, response: ServerResponse) => {
        response.end('whole')
        request.destroy()
      })
      const socket = net.connect(running.port, '127.0.0.1')
      socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2))
      const answers = await text(socket)
      expect(answers.split('HTTP/1.1 200')).toHaveLength(2)
      expect(answers.toLowerCase()).toContain('connection: close')
    })
  })
}
