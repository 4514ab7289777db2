/** What a worker has to do, a sentence and a function for each. They run one after the other on one worker. */
import assert from 'node:assert/strict'
import { FROM_WORKER, RESPONSE_WINDOW, TO_WORKER, u32 } from '../frames.ts'
import type { Frame, Wire } from './wire.ts'

export type Check = readonly [behaviour: string, run: (wire: Wire, nextId: () => number) => Promise<void>]

const text = ({ payload }: Frame) => payload.toString('latin1')

/** Head and body of a RESPONSE. */
function whole(frame: Frame): readonly [head: string, body: string] {
  assert.equal(frame.kind, FROM_WORKER.response, 'expected a RESPONSE frame')
  const length = frame.payload.readUInt32LE(0)
  return [frame.payload.toString('latin1', 4, 4 + length), frame.payload.toString('latin1', 4 + length)]
}

/** The body of a response, in whichever frames it arrives; room is granted as it is used. */
async function bodyOf(wire: Wire, id: number): Promise<string> {
  let body = ''
  for (;;) {
    const frame = await wire.frame()
    assert.equal(frame.id, id, 'expected a frame of the request that is answered')
    if (frame.kind === FROM_WORKER.response) return whole(frame)[1]
    if (frame.kind === FROM_WORKER.end) return body
    assert.ok(
      frame.kind === FROM_WORKER.head || frame.kind === FROM_WORKER.chunk,
      `expected HEAD, CHUNK or END, got ${frame.kind}: ${text(frame)}`,
    )
    if (frame.kind === FROM_WORKER.head) continue
    body += text(frame)
    wire.send(TO_WORKER.window, id, u32(frame.payload.length))
  }
}

/** Sends a body as it is wanted, and returns the frame after the last of it. */
async function feed(wire: Wire, id: number, body: string): Promise<Frame> {
  for (let at = 0; ;) {
    const frame = await wire.frame()
    if (frame.kind !== FROM_WORKER.want) return frame
    assert.equal(frame.id, id)
    const size = frame.payload.readUInt32LE(0)
    assert.ok(size > 0, 'expected WANT with a positive number')
    // Fewer bytes than were wanted are some; none are the end.
    const part = body.slice(at, at + Math.min(size, 1000))
    at += part.length
    wire.send(TO_WORKER.data, id, part)
  }
}

export const CHECKS: readonly Check[] = [
  [
    'answers a request with a whole response',
    async (wire, nextId) => {
      const id = nextId()
      wire.request(id, '/')
      const frame = await wire.frame()
      assert.equal(frame.id, id)
      const [head, body] = whole(frame)
      assert.match(head, /^200[ \0]/)
      assert.match(head, /\0content-type\0text\/plain/i)
      assert.equal(body, 'Hello')
    },
  ],
  [
    'answers requests that arrive together, in their order',
    async (wire, nextId) => {
      const ids = [nextId(), nextId(), nextId()]
      for (const id of ids) wire.request(id, '/')
      for (const id of ids) assert.equal((await wire.frame()).id, id)
    },
  ],
  [
    'gives the application a body that came with its request',
    async (wire, nextId) => {
      const id = nextId()
      wire.request(id, '/echo', { body: 'some body' })
      assert.equal(await bodyOf(wire, id), 'some body')
    },
  ],
  [
    'asks for a body that follows, when it is read, and reads it to its end',
    async (wire, nextId) => {
      const id = nextId()
      const body = 'line\n'.repeat(20_000)
      wire.request(id, '/length', { follows: true, more: `\0CONTENT_LENGTH\0${body.length}` })
      const [, answer] = whole(await feed(wire, id, body))
      assert.equal(answer, `${body.length} ${body.length}`)
    },
  ],
  [
    'asks for no body that the application does not read',
    async (wire, nextId) => {
      const id = nextId()
      wire.request(id, '/refuse', { follows: true, more: '\0CONTENT_LENGTH\x001000000' })
      assert.match(whole(await wire.frame())[0], /^413[ \0]/)
    },
  ],
  [
    'raises an error in the application where the body breaks off',
    async (wire, nextId) => {
      const id = nextId()
      wire.request(id, '/echo', { follows: true, more: '\0CONTENT_LENGTH\x001000' })
      assert.equal((await wire.frame()).kind, FROM_WORKER.want)
      wire.send(TO_WORKER.fail, id, 'the client broke it off')
      const frame = await wire.frame()
      assert.equal(frame.kind, FROM_WORKER.error)
      assert.match(text(frame), /the client broke it off/)
    },
  ],
  [
    'sends each piece of a response when it is made',
    async (wire, nextId) => {
      const id = nextId()
      wire.request(id, '/steps')
      const kinds: number[] = []
      const pieces: string[] = []
      do {
        const frame = await wire.frame()
        kinds.push(frame.kind)
        if (frame.kind === FROM_WORKER.chunk) pieces.push(text(frame))
        // The application waits half a second between its pieces.
        if (pieces.length === 1 && frame.kind === FROM_WORKER.chunk) {
          assert.ok(await wire.silent(50), 'expected the first piece before the second was made')
        }
      } while (kinds.at(-1) !== FROM_WORKER.end)
      assert.equal(pieces.join(''), 'one\ntwo\n')
      assert.equal(kinds[0], FROM_WORKER.head)
    },
  ],
  [
    'waits for room after a window, and continues with it',
    async (wire, nextId) => {
      const id = nextId()
      wire.request(id, '/endless')
      assert.equal((await wire.frame()).kind, FROM_WORKER.head)
      const take = async (bytes: number) => {
        for (let left = bytes; left > 0;) {
          const frame = await wire.frame()
          assert.equal(frame.kind, FROM_WORKER.chunk)
          left -= frame.payload.length
          assert.ok(left >= 0, 'expected no more bytes than there was room for')
        }
        assert.ok(await wire.silent(100), 'expected no byte beyond the room')
      }
      await take(RESPONSE_WINDOW)
      wire.send(TO_WORKER.window, id, u32(100_000))
      await take(100_000)
      wire.send(TO_WORKER.cancel, id)
      assert.equal((await wire.frame()).kind, FROM_WORKER.end)
    },
  ],
  [
    'closes a response whose client has left, once',
    async (wire, nextId) => {
      const count = async () => {
        const id = nextId()
        wire.request(id, '/count-closed')
        return Number(await bodyOf(wire, id))
      }
      const before = await count()
      const id = nextId()
      wire.request(id, '/endless')
      assert.equal((await wire.frame()).kind, FROM_WORKER.head)
      wire.send(TO_WORKER.cancel, id)
      for (;;) {
        const frame = await wire.frame()
        if (frame.kind === FROM_WORKER.end) break
        assert.equal(frame.kind, FROM_WORKER.chunk)
      }
      assert.equal(await count(), before + 1)
    },
  ],
  [
    'ends a request that was cancelled before its turn, without running it',
    async (wire, nextId) => {
      const [first, second, third] = [nextId(), nextId(), nextId()]
      wire.request(first, '/slow?0.2')
      wire.request(second, '/dies')
      wire.send(TO_WORKER.cancel, second)
      wire.request(third, '/')
      assert.equal((await wire.frame()).id, first)
      const frame = await wire.frame()
      assert.deepEqual([frame.id, frame.kind], [second, FROM_WORKER.end])
      assert.equal((await wire.frame()).id, third)
    },
  ],
  [
    'reports an error of the application with its traceback, and serves on',
    async (wire, nextId) => {
      const id = nextId()
      wire.request(id, '/raises')
      const frame = await wire.frame()
      assert.equal(frame.kind, FROM_WORKER.error)
      assert.match(text(frame), /broken on purpose/)
    },
  ],
  [
    'refuses a field that would split the response',
    async (wire, nextId) => {
      const id = nextId()
      wire.request(id, '/splits')
      assert.equal((await wire.frame()).kind, FROM_WORKER.error)
    },
  ],
  [
    'sends what the application logs',
    async (wire, nextId) => {
      const id = nextId()
      wire.request(id, '/prints')
      const frame = await wire.frame()
      assert.equal(frame.kind, FROM_WORKER.log)
      assert.match(text(frame), /written to the log/)
      await bodyOf(wire, id)
    },
  ],
]
