import { expect, test } from 'vitest'
import { FORTUNES, withAdded } from '../data/content.ts'
import { randomFrom } from '../random.ts'
import { connectionsOf, workloadOf, WORKLOADS } from './workloads.ts'
import type { Answer } from './workload.ts'

const answer = (body: string | Buffer, type = 'text/plain', status = 200): Answer => ({
  status,
  head: `HTTP/1.1 ${status} X\r\ncontent-type: ${type}`,
  body: Buffer.from(body),
})

const requestOf = (name: string, seed = 1) => {
  const workload = workloadOf(name)
  if (workload === undefined) throw new Error(`no workload ${name}`)
  return workload.request(randomFrom(seed))
}

test.each(WORKLOADS)('$name finds an answer that is not what was asked for', ({ request }) => {
  const { check } = request(randomFrom(3))
  expect(check(answer('something else'))).toContain('expected')
  expect(check(answer('', 'text/plain', 500))).toContain('expected 200; came 500')
})

test('the same seed asks the same, another one something else', () => {
  expect(requestOf('parameter', 1).target).toBe(requestOf('parameter', 1).target)
  expect(requestOf('parameter', 1).target).not.toBe(requestOf('parameter', 2).target)
})

test('what has large bodies is asked over few connections, and over fewer where that was chosen', () => {
  const over = (name: string, chosen: number) => connectionsOf(workloadOf(name)!, chosen)
  expect([over('plaintext', 64), over('upload', 64), over('upload', 2)]).toEqual([64, 8, 2])
})

test('plain text of another type is wrong', () => {
  const { check } = requestOf('plaintext')
  expect(check(answer('Hello, World!'))).toBeNull()
  expect(check(answer('Hello, World!', 'text/html'))).toContain('content-type')
})

test('a row must be as it was seeded', () => {
  const { check } = requestOf('query')
  expect(check(answer('{"id":2,"randomNumber":5839}', 'application/json'))).toBeNull()
  expect(check(answer('{"id":2,"randomNumber":5838}', 'application/json'))).toContain('as it was seeded')
})

const page = (escape: (text: string) => string): Answer =>
  answer(
    withAdded(FORTUNES)
      .map(({ id, message }) => `<tr><td>${id}</td><td>${escape(message)}</td></tr>`)
      .join(''),
    'text/html; charset=utf-8',
  )

test.each<[string, (text: string) => string]>([
  ['by name', (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
  ['by number', (text) => text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)],
  ['in hex', (text) => text.replaceAll(/[&<>"']/g, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`)],
])('fortunes may be escaped %s', (_how, escape) => {
  expect(requestOf('fortunes').check(page(escape))).toBeNull()
})

test('fortunes that are not escaped are wrong', () => {
  expect(requestOf('fortunes').check(page((text) => text))).toContain('row 1')
})

test('an upload is answered with its size, and its checksum must be right', () => {
  const { check, body } = requestOf('upload')
  expect(check(answer(JSON.stringify({ bytes: body?.length }), 'application/json'))).toBeNull()
  expect(check(answer(JSON.stringify({ bytes: body?.length, crc: 1 }), 'application/json'))).toContain('checksum')
})

test("an application's own page must stay as it was at first", () => {
  const { check } = requestOf('/shop')
  expect(check(answer('a'))).toBeNull()
  expect(check(answer('b'))).toBeNull()
  expect(check(answer('c', 'text/plain', 302))).toContain('as at first')
  expect(check(answer('gone', 'text/plain', 404))).toContain('below 400')
})
