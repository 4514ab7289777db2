/** How a connection comes from state to state (`src/states.ts`), each step with its cause. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Input } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { held } from './held-transport.ts'
import { CHUNKED, EXPECTING, GET, POST, subject } from './subject.ts'

describe('from idle', () => {
  test('the first byte begins a head, and its end a request', () => {
    const { wire } = subject()
    expect(wire.states).toBe('idle ready')
    wire.receive(GET.slice(0, 1))
    expect(wire.states).toBe('head ready')
    wire.receive(GET.slice(1))
    expect(wire.states).toBe('ahead answering')
  })

  test('an empty line begins nothing', () => {
    const { wire } = subject()
    wire.receive('\r\n')
    expect(wire.states).toBe('idle ready')
  })

  test.each([
    [GET, 'ahead answering'],
    [POST, 'body answering'],
    [`${POST}1234`, 'body answering'],
    [CHUNKED, 'body answering'],
    [EXPECTING, 'expected answering'],
  ])('%j begins a request: %s', (text, states) => {
    const { wire } = subject()
    wire.receive(text)
    expect(wire.states).toBe(states)
  })

  test('an idle connection closes at the keep-alive timeout, and not before', () => {
    const { wire, pass } = subject({ timeouts: { keepAlive: 60_000 } })
    pass(50_000)
    expect(wire.states).toBe('idle ready')
    pass(60_000)
    expect(wire.states).toBe('discarding lingering')
    expect(wire.state).toBe('ended')
  })

  test('a client that ends its side before a request is left at once', () => {
    const { wire } = subject()
    wire.receiveEnd()
    expect(wire.states).toBe('discarding lingering')
    expect(wire.state).toBe('destroyed')
  })
})

describe('from a head', () => {
  test('that is not complete in time: 408, and the connection closes', async () => {
    const { wire, pass } = subject({ timeouts: { headers: 60_000, keepAlive: 1_000 } })
    wire.receive('GET / HTTP/1.1\r\n')
    pass(50_000)
    expect(wire.states).toBe('head ready')
    pass(60_000)
    expect(wire.states).toBe('discarding closing')
    await turn()
    expect(wire.sent).toMatch(/^HTTP\/1.1 408 [^]*connection: close/)
    expect(wire.states).toBe('discarding lingering')
  })

  test('that breaks a rule: 400, and nothing behind it is read', () => {
    const { wire } = subject()
    wire.receive(`GET /\r\n\r\n${GET}`)
    expect(wire.sent.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 400'])
    expect(wire.states).toBe('discarding lingering')
  })
})

describe('from a request', () => {
  test('an answer makes the connection idle, also when the next head has begun', async () => {
    const { wire, answer } = subject()
    wire.receive(GET + GET.slice(0, 5))
    await answer()
    expect(wire.sent).toMatch(/answer$/)
    expect(wire.states).toBe('head ready')
    wire.receive(GET.slice(5))
    expect(wire.states).toBe('ahead answering')
    await answer()
    expect(wire.states).toBe('idle ready')
  })

  test('the next request waits for the answer', async () => {
    const { wire, answer } = subject()
    wire.receive(GET + POST)
    expect(wire.states).toBe('ahead answering')
    await answer()
    expect(wire.states).toBe('body answering')
  })

  test('reading a body to its end is like never having had one', async () => {
    const { wire, read, answer } = subject()
    wire.receive(POST)
    const done = read()
    expect(wire.states).toBe('body answering')
    wire.receive('1234')
    await done
    expect(wire.states).toBe('ahead answering')
    await answer()
    expect(wire.states).toBe('idle ready')
  })

  test('an early answer leaves a rest, which is thrown away', async () => {
    const { wire, answer } = subject()
    wire.receive(`${POST}12`)
    await answer()
    expect(wire.states).toBe('rest ready')
    wire.receive('3')
    expect(wire.states).toBe('rest ready')
    wire.receive(`4${GET}`)
    expect(wire.states).toBe('ahead answering')
  })

  test.each([
    ['that is longer than announced', CHUNKED, `5\r\n12345\r\n6\r\n123456\r\n`],
    ['that breaks a rule', CHUNKED, `x\r\n`],
  ])('a rest %s closes the connection', async (_what, head, rest) => {
    const { wire, answer } = subject({ limits: { drainLimit: 10 } })
    wire.receive(head)
    await answer()
    expect(wire.states).toBe('rest ready')
    wire.receive(rest)
    expect(wire.states).toBe('discarding lingering')
  })

  test('a rest that does not come closes the connection', async () => {
    const { wire, answer, pass } = subject({ timeouts: { keepAlive: 0, headers: 0 } })
    wire.receive(POST)
    await answer()
    pass(4_000)
    expect(wire.states).toBe('rest ready')
    pass(6_000)
    expect(wire.states).toBe('discarding lingering')
  })

  test('a rest that is longer than is thrown away makes the answer the last', async () => {
    const { wire, answer } = subject({ limits: { drainLimit: 3 } })
    wire.receive(POST)
    await answer()
    expect(wire.sent).toContain('connection: close')
    expect(wire.states).toBe('discarding lingering')
  })

  test('a client that waits for 100 is told to continue once, when the body is read', async () => {
    const { wire, read, answer } = subject()
    wire.receive(EXPECTING)
    expect(wire.sent).toBe('')
    const done = read()
    expect(wire.states).toBe('body answering')
    expect(wire.sent).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    wire.receive('1234')
    await done
    await answer()
    expect(wire.sent.match(/100 Continue/g)).toHaveLength(1)
    expect(wire.states).toBe('idle ready')
  })

  test('a client that waits for 100 and is answered without gets the last answer', async () => {
    const { wire, answer } = subject()
    wire.receive(EXPECTING)
    await answer()
    expect(wire.sent).toMatch(/^HTTP\/1.1 200 [^]*connection: close/)
    expect(wire.states).toBe('discarding lingering')
  })

  test('a body that is too slow fails its reader, and makes the answer the last', async () => {
    const { wire, read, answer, pass } = subject({ timeouts: { body: 60_000, minBodyRate: 0 } })
    wire.receive(POST)
    const failed = read()
    pass(50_000)
    expect(await Promise.race([failed, turn('waits')])).toBe('waits')
    pass(61_000)
    expect(await failed).toMatchObject({ status: 408 })
    await answer()
    expect(wire.sent).toContain('connection: close')
    expect(wire.states).toBe('discarding lingering')
  })

  test('a body that is read after the head of its answer is not asked for', async () => {
    const { wire } = held((environ, start) => {
      start(200, [])
      return (async function* () {
        yield 'begun'
        environ.server.flush()
        await turn()
        void Promise.resolve(environ.input.read()).catch(() => {})
        await turn()
        yield 'ended'
      })()
    })
    wire.receive(EXPECTING)
    await expect.poll(() => wire.states).toBe('discarding lingering')
    expect(wire.sent).toContain('connection: close')
    expect(wire.sent).not.toContain('100 Continue')
  })

  test('a body cannot be read after the answer, and takes nothing from the next request', async () => {
    const inputs: Input[] = []
    const { wire } = held((environ, start) => {
      inputs.push(environ.input)
      start(200, [])
      return Promise.resolve(environ.input.read()).then(() => 'answer')
    })
    wire.receive(`${POST}12`)
    await turn()
    expect(wire.states).toBe('rest ready')
    wire.receive(`34${POST}`)
    expect(wire.states).toBe('body answering')
    const late = Promise.resolve(inputs[0]!.read()).catch((error: unknown) => error)
    wire.receive('1234')
    expect(await late).toMatchObject({ status: 400 })
    await turn()
    expect(wire.sent.match(/answer/g)).toHaveLength(2)
  })

  test('an application that fails has answered, too', async () => {
    const { wire, fail } = subject()
    wire.receive(GET)
    await fail()
    expect(wire.sent).toMatch(/^HTTP\/1.1 500 /)
    expect(wire.states).toBe('idle ready')
  })

  test('a client that goes ends everything', async () => {
    const { wire, answer } = subject()
    wire.receive(GET)
    wire.close()
    expect(wire.states).toBe('discarding closed')
    await answer()
    expect(wire.sent).toBe('')
    expect(wire.states).toBe('discarding closed')
  })

  test('a client that takes nothing is given up at the write timeout', async () => {
    const { wire, answer, pass } = subject({ timeouts: { write: 60_000 } })
    wire.flowing = wire.roomy = false
    wire.receive(GET)
    await answer()
    pass(0)
    pass(50_000)
    expect(wire.state).toBe('open')
    pass(61_000)
    expect(wire.states).toBe('discarding closed')
    expect(wire.state).toBe('destroyed')
  })
})
