/** Bodies of requests: large, refused, unread, waited for. */
import type { Behaviour } from '../behaviour.ts'
import type { Case } from '../case.ts'
import { among, holds, same, show } from '../mismatch.ts'
import { sameJson } from './requests.ts'
import type { Wire } from '../wire.ts'

const MIB = 1024 * 1024
const BLOCK = Buffer.alloc(64 * 1024, 'u')

/** Sends `size` bytes in blocks, and stops where the server answers or leaves. */
async function upload(wire: Wire, size: number): Promise<void> {
  for (let sent = 0; sent < size; sent += BLOCK.length) if (!(await wire.sendSlowly(BLOCK))) return
}

const posting = (t: Case, path: string, size: number, fields: readonly string[] = []): string =>
  t.text(path, {
    method: 'POST',
    fields: [`Content-Length: ${size}`, 'Content-Type: application/octet-stream', ...fields],
  })

const NO_CONTINUE = 'no 100, since the application did not read'

export const UPLOADS: readonly Behaviour[] = [
  {
    id: 'upload-counted',
    title: 'takes an upload of 10 MiB whole',
    clause: 'I.1',
    level: 1,
    deadline: 20_000,
    async check(t) {
      const wire = await t.connect()
      wire.send(posting(t, '/upload', 10 * MIB))
      await upload(wire, 10 * MIB)
      sameJson(await wire.response(), { bytes: 10 * MIB })
    },
  },
  {
    id: 'upload-chunked',
    title: 'takes a chunked upload of 2 MiB whole',
    clause: 'I.10',
    level: 1,
    deadline: 20_000,
    async check(t) {
      const wire = await t.connect()
      const fields = ['Transfer-Encoding: chunked', 'Content-Type: application/octet-stream']
      wire.send(t.text('/upload', { method: 'POST', fields }))
      for (let sent = 0; sent < 2 * MIB; sent += BLOCK.length) {
        await wire.sendSlowly(
          Buffer.concat([Buffer.from(`${BLOCK.length.toString(16)}\r\n`), BLOCK, Buffer.from('\r\n')]),
        )
      }
      wire.send('0\r\n\r\n')
      sameJson(await wire.response(), { bytes: 2 * MIB })
    },
  },
  {
    id: 'upload-refused',
    title: 'answers an upload that it refuses midway, and the client sees the answer',
    clause: 'I.9',
    level: 2,
    deadline: 20_000,
    hint: 'the connection is closed while bytes are on their way: a reset eats the answer (RFC 9112 §9.6)',
    async check(t) {
      const wire = await t.connect()
      wire.send(posting(t, '/refuse', 50 * MIB))
      await upload(wire, 50 * MIB)
      same('status', (await wire.response()).status, 413)
    },
  },
  {
    id: 'body-unread',
    title: 'never takes an unread body for a request',
    clause: 'I.9',
    level: 2,
    async check(t) {
      const smuggled = t.text('/json')
      const wire = await t.connect()
      const body = smuggled + 'x'.repeat(200_000)
      wire.send(t.text('/early', { method: 'POST', body, fields: ['Content-Type: text/plain'] }))
      same('status', (await wire.response()).status, 403)
      wire.send(t.text('/text')).end()
      const rest = (await wire.rest()).toString('latin1')
      holds(!rest.includes('message'), 'the answer to the next request, or a closed connection', show(rest))
      if (rest !== '') holds(rest.includes('Hello, World!'), 'the answer to the next request', show(rest))
    },
  },
  {
    id: 'binary',
    title: 'gives back binary bytes as they came',
    clause: 'I.10',
    level: 1,
    async check(t) {
      const bytes = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7) % 256)
      const type = 'Content-Type: application/octet-stream'
      const answer = await t.request('/echo', { method: 'POST', body: bytes, fields: [type] })
      same('status', answer.status, 200)
      holds(answer.body.equals(bytes), 'the same bytes', show(answer.body))
    },
  },
  {
    id: 'continue',
    title: 'sends 100 Continue when the application reads',
    clause: 'I.6',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      wire.send(posting(t, '/upload', 5, ['Expect: 100-continue']))
      same('interim status', (await wire.interim()).status, 100)
      wire.send('12345')
      sameJson(await wire.response(), { bytes: 5 })
    },
  },
  {
    id: 'continue-refused',
    title: 'answers without 100 Continue where the application does not read',
    clause: 'I.6',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      const answer = await wire.send(posting(t, '/early', 5, ['Expect: 100-continue'])).response()
      same('status', answer.status, 403)
      holds(answer.interim.length === 0, NO_CONTINUE, answer.interim.map(({ status }) => status).join())
      among('what follows', (await wire.end().rest()).length, [0])
    },
  },
]
