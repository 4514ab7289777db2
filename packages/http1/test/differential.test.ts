/**
 * What our parser accepts, an independent one accepts with the same meaning. It may accept more, and does: that is what the
 * rules are for. Known differences are listed, with their reason.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect, type Told } from './collect.ts'
import { type Seen, seenByRuntime } from './independent-parser.ts'

/** Methods that the runtime's parser does not know; unknown ones reach the application here (RFC 9110 §9.1). */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'REPORT']

/** Our events as the requests that were complete. */
function requestsOf(told: readonly Told[]): Seen[] {
  const seen: Seen[] = []
  let body = ''
  let head: Extract<Told, { type: 'request' }> | null = null
  for (const event of told) {
    if (event.type === 'request') {
      head = event
      body = ''
    } else if (event.type === 'data') {
      body += event.text
    } else if (event.type === 'end' && head !== null) {
      seen.push({
        method: head.method,
        target: head.query === '' ? head.path : `${head.path}?${head.query}`,
        headers: head.headers,
        body,
      })
      head = null
    }
  }
  return seen
}

/** Whether the connection goes on after each request, as far as ours says. */
function upToClose(told: readonly Told[], seen: readonly Seen[]): Seen[] {
  const heads = told.filter((event) => event.type === 'request')
  const last = heads.findIndex((head) => !head.keepAlive || head.upgrade !== null)
  return last < 0 ? [...seen] : seen.slice(0, last + 1)
}

const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,12}[\x21-\x7e])?$/)
const field = fc.oneof(
  fc.tuple(fc.stringMatching(/^x-[a-zA-Z0-9]{1,8}$/), value).map(([name, text]) => `${name}: ${text}\r\n`),
  fc.constantFrom(
    'Connection: keep-alive\r\n',
    'Accept: */*\r\n',
    'X-Tab:\ta \t\r\n',
    'Cookie: a=b; c=d\r\n',
    'X-Empty:\r\n',
  ),
)
const body = fc.oneof(
  fc.constant('\r\n'),
  fc.stringMatching(/^[a-z\r\n ]{0,30}$/).map((text) => `Content-Length: ${text.length}\r\n\r\n${text}`),
  fc.array(fc.stringMatching(/^[a-z\r\n]{1,20}$/), { maxLength: 4 }).map((chunks) => {
    const coded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
    return `Transfer-Encoding: chunked\r\n\r\n${coded}0\r\n\r\n`
  }),
)
const request = fc
  .tuple(
    fc.constantFrom(...METHODS),
    fc.stringMatching(/^\/[a-z0-9/%.~-]{0,12}(\?[a-z=&]{1,8})?$/),
    fc.array(field, { maxLength: 4 }),
    body,
  )
  .map(([method, target, fields, rest]) => `${method} ${target} HTTP/1.1\r\nHost: h\r\n${fields.join('')}${rest}`)
const stream = fc.array(request, { minLength: 1, maxLength: 4 }).map((requests) => Buffer.from(requests.join('')))

test('good requests mean the same to both', async () => {
  await fc.assert(
    fc.asyncProperty(stream, async (bytes) => {
      expect(await seenByRuntime(bytes)).toEqual(requestsOf(collect([bytes])))
    }),
    { numRuns: 150 },
  )
})

test('of damaged ones, whatever we accept the other accepts with the same meaning', async () => {
  const damage = fc.array(
    fc.tuple(
      fc.nat(),
      fc.oneof(fc.constantFrom(...Buffer.from('\r\n\t :;,0123456789abcdefx-_?#"')), fc.integer({ min: 0, max: 255 })),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  await fc.assert(
    fc.asyncProperty(stream, damage, async (bytes, changes) => {
      const damaged = Buffer.from(bytes)
      for (const [place, byte] of changes) damaged[place % damaged.length] = byte
      // It knows 1.0 and 1.1 only; any other 1.x is served here (RFC 9110 §2.5).
      if (/HTTP\/1\.[2-9]/.test(damaged.toString('latin1'))) return
      const told = collect([damaged])
      const ours = upToClose(told, requestsOf(told))
      if (ours.some(isKnownDifference)) return
      const theirs = await seenByRuntime(damaged)
      // A question mark with nothing behind it leaves no trace in our events.
      const comparable = theirs.map((seen) => ({ ...seen, target: seen.target.replace(/^([^?]*)\?$/, '$1') }))
      expect(comparable.slice(0, ours.length)).toEqual(ours)
    }),
    { numRuns: 600 },
  )
})

/** What is allowed here and not there, or read otherwise there, for good reason. */
function isKnownDifference({ method, headers, target }: Seen): boolean {
  // It knows a fixed list of methods.
  if (!METHODS.includes(method)) return true
  // It decides about upgrades, expectations and trailing spaces in its own way; ours are tested by themselves.
  if (
    headers.some(
      (text, i) =>
        i % 2 === 0 &&
        ['upgrade', 'expect', 'connection', 'proxy-connection', 'transfer-encoding', 'content-length'].includes(text) &&
        !/^(keep-alive|chunked|\d+)$/i.test(headers[i + 1] ?? ''),
    )
  )
    return true
  // Of an absolute-form target we give the path, it gives all.
  return !target.startsWith('/')
}
