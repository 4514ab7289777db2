/** What a framework makes of a request: path, query, fields, cookies, forms. */
import type { Behaviour } from '../behaviour.ts'
import { holds, same } from '../mismatch.ts'
import type { WireResponse } from '../response-reader.ts'

/** @throws Mismatch unless the answer is 200 with this JSON */
export function sameJson(answer: WireResponse, expected: unknown): void {
  same('status', answer.status, 200)
  let value: unknown = answer.text
  try {
    value = JSON.parse(answer.text)
  } catch {
    // Shown as the text that it is.
  }
  same('JSON', value, expected)
}

const BOUNDARY = 'boundary-of-the-exercise'
const FILE = Uint8Array.from({ length: 2048 }, (_, index) => index % 256)
const MULTIPART = Buffer.concat([
  Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nca\u00e8\r\n` +
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="bytes.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  ),
  FILE,
  Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
])

export const REQUESTS: readonly Behaviour[] = [
  {
    id: 'text',
    title: 'answers text',
    clause: 'C.1',
    level: 0,
    async check(t) {
      const answer = await t.request('/text')
      same('status', answer.status, 200)
      same('body', answer.text, 'Hello, World!\n')
      holds(
        (answer.field('content-type') ?? '').startsWith('text/plain'),
        'text/plain',
        String(answer.field('content-type')),
      )
    },
  },
  {
    id: 'json',
    title: 'answers JSON',
    clause: 'C.1',
    level: 1,
    async check(t) {
      const answer = await t.request('/json')
      sameJson(answer, { message: 'Hello, World!' })
      const type = answer.field('content-type') ?? ''
      holds(type.startsWith('application/json'), 'application/json', type)
    },
  },
  {
    id: 'unicode-path',
    title: 'decodes a path segment once, as UTF-8',
    clause: 'P.3',
    level: 1,
    async check(t) {
      same('body', (await t.request('/greet/%E2%82%AC%20Zo%C3%AB')).text, 'Hello, € Zoë!')
      same('body, escaped twice', (await t.request('/greet/%2541')).text, 'Hello, %41!')
    },
  },
  {
    id: 'encoded-slash',
    title: 'keeps an encoded slash inside its segment',
    clause: 'P.3',
    level: 1,
    hint: 'something decodes the path before it is cut into segments',
    async check(t) {
      same('body', (await t.request('/greet/a%2Fb')).text, 'Hello, a/b!')
    },
  },
  {
    id: 'query',
    title: 'decodes the query, plus and escapes',
    clause: 'E.5',
    level: 1,
    async check(t) {
      sameJson(await t.request('/query?q=caf%C3%A9+au%20lait%26&other=1'), { q: 'café au lait&' })
    },
  },
  {
    id: 'query-repeated',
    title: 'keeps repeated names of a query',
    clause: 'E.5',
    level: 1,
    async check(t) {
      sameJson(await t.request('/query/all?tag=a&tag=b&x=1&tag=c'), ['a', 'b', 'c'])
    },
  },
  {
    id: 'fields-repeated',
    title: 'keeps repeated fields of a request, in order',
    clause: 'E.10',
    level: 1,
    async check(t) {
      sameJson(await t.request('/field', { fields: ['X-Tag: a', 'X-Other: 1', 'X-TAG: b'] }), { value: 'a, b' })
    },
  },
  {
    id: 'fields-large',
    title: 'takes and gives a field of 8,000 bytes',
    clause: 'H.3',
    level: 1,
    async check(t) {
      sameJson(await t.request('/field', { fields: [`X-Tag: ${'a'.repeat(8000)}`] }), { value: 'a'.repeat(8000) })
      same('x-large', (await t.request('/large')).field('x-large'), 'a'.repeat(8000))
    },
  },
  {
    id: 'cookies-in',
    title: 'reads cookies',
    clause: 'E.10',
    level: 1,
    async check(t) {
      const answer = await t.request('/cookies', { fields: ['Cookie: a=1; b=two%20words'] })
      sameJson(answer, { a: '1', b: 'two words' })
    },
  },
  {
    id: 'cookies-out',
    title: 'sets two cookies, each in a field of its own',
    clause: 'H.4',
    level: 1,
    hint: 'fields went through an object or a Headers without getSetCookie()',
    async check(t) {
      const cookies = (await t.request('/cookies/set')).all('set-cookie')
      same('cookies', cookies.map((cookie) => cookie.split(';')[0]).toSorted(), ['a=1', 'b=2'])
    },
  },
  {
    id: 'form',
    title: 'reads a url-encoded form',
    clause: 'I.1',
    level: 1,
    async check(t) {
      const type = 'Content-Type: application/x-www-form-urlencoded'
      const answer = await t.request('/form', { method: 'POST', fields: [type], body: 'name=Zo%C3%AB+B&note=a%26b%3D' })
      sameJson(answer, { name: 'Zoë B', note: 'a&b=' })
    },
  },
  {
    id: 'multipart',
    title: 'reads a multipart form with a binary file',
    clause: 'I.1',
    level: 1,
    async check(t) {
      const type = `Content-Type: multipart/form-data; boundary=${BOUNDARY}`
      const answer = await t.request('/multipart', { method: 'POST', fields: [type], body: MULTIPART })
      const sum = FILE.reduce((total, byte) => total + byte, 0)
      sameJson(answer, { title: 'caè', filename: 'bytes.bin', size: FILE.length, sum })
    },
  },
  {
    id: 'mount-prefix',
    title: 'links to itself below the prefix it is mounted at',
    clause: 'P.4',
    level: 1,
    async check(t) {
      same('link at the root', (await t.request('/link')).text, '/text')
      same('link below a prefix', (await t.request('/mounted/link')).text, '/mounted/text')
      same('route below a prefix', (await t.request('/mounted/greet/Ada')).text, 'Hello, Ada!')
    },
  },
]
