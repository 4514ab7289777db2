/** Values of every kind, in every way to set a field: what is sent, or thrown, is what `node:http` sends and throws. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { trimmed } from '../src/from-node/field-list.ts'
import { nodeHttp, tsgiHosts, type Host } from './hosts.ts'
import { codeOf } from './observe.ts'
import { requestText, talk, type WireResponse } from './wire.ts'

/** Made for each use, since `appendHeader` adds to an array that it was given. */
const values: Readonly<Record<string, () => unknown>> = {
  true: () => true,
  false: () => false,
  null: () => null,
  undefined: () => undefined,
  'a number': () => 1.5,
  NaN: () => Number.NaN,
  'minus zero': () => -0,
  'a BigInt': () => 12n,
  'a symbol': () => Symbol('x'),
  'an empty string': () => '',
  'a Date': () => new Date(0),
  'a URL': () => new URL('http://a/b'),
  'a RegExp': () => /x/,
  'a Buffer': () => Buffer.from('bytes'),
  'a Uint8Array': () => new Uint8Array([1, 2]),
  'a function': () => String,
  'a Map': () => new Map([['a', 1]]),
  'a Set': () => new Set(['a', 'b']),
  'a plain object': () => ({}),
  'an object with toString': () => ({ toString: () => 'text' }),
  'an object with valueOf': () => ({ valueOf: () => 5, toString: () => 'text' }),
  'an object that asks for the kind': () => ({ [Symbol.toPrimitive]: (kind: string) => kind }),
  'an object without prototype': () => Object.create(null),
  'an object with a line break': () => ({ toString: () => '1\r\nx-b: 2' }),
  'an empty array': () => [],
  'an array of one': () => [true],
  'an array of many kinds': () => [true, null, 1, new Date(0), { toString: () => 'text' }],
  'an array of arrays': () => [['a', 'b'], 'c'],
  'an array with undefined': () => [undefined, 'a'],
}

type Way = (response: ServerResponse, value: never) => unknown

const ways: Readonly<Record<string, Way>> = {
  setHeader: (response, value) => response.setHeader('X-A', value),
  'setHeader of a cookie': (response, value) => response.setHeader('Cookie', value),
  setHeaders: (response, value) => response.setHeaders(new Map([['X-A', value]])),
  appendHeader: (response, value) => response.appendHeader('X-A', value),
  'appendHeader twice': (response, value) => response.appendHeader('X-A', 'first').appendHeader('X-A', value),
  'writeHead with an object': (response, value) => response.writeHead(200, { 'X-A': value }),
  'writeHead with a flat list': (response, value) => response.writeHead(200, ['X-A', value]),
  'writeHead with pairs': (response, value) => response.writeHead(200, [['X-A', value]] as never),
  'writeHead with an object, over set fields': (response, value) =>
    response.setHeader('X-B', '1').writeHead(200, { 'X-A': value }),
  'writeHead with a flat list, over set fields': (response, value) =>
    response.setHeader('X-B', '1').writeHead(200, ['X-A', value]),
  addTrailers: (response, value) => {
    response.setHeader('Trailer', 'X-A')
    response.write('a')
    response.addTrailers({ 'X-A': value })
  },
  writeEarlyHints: (response, value) => response.writeEarlyHints({ 'X-A': value }),
}

const ofInterest = (fields: WireResponse['fields'] = []) =>
  fields.filter(([name]) => name === 'x-a' || name === 'cookie').map(([, value]) => value)

async function outcomes(host: Host, way: Way): Promise<Record<string, unknown>> {
  let value: () => unknown = () => ''
  let thrown: unknown
  await using running = await host.serve((_: IncomingMessage, response: ServerResponse) => {
    try {
      way(response, value() as never)
    } catch (error) {
      thrown = [(error as Error).name, codeOf(error as Error)]
    }
    response.end('body')
  })
  const results: Record<string, unknown> = {}
  for (const [name, make] of Object.entries(values)) {
    value = make
    thrown = undefined
    const { interim, final } = await talk(running.port, requestText('GET', '/'))
    results[name] = {
      thrown,
      status: final?.status,
      fields: ofInterest(final?.fields),
      trailers: ofInterest(final?.trailers),
      hints: interim.map(({ fields }) => ofInterest(fields)),
    }
  }
  return results
}

for (const host of tsgiHosts) {
  describe(`on ${host.name}, a value of any kind`, () => {
    for (const [name, way] of Object.entries(ways)) {
      test(`given to ${name} is sent as on node:http`, async () => {
        const expected = await outcomes(nodeHttp, way)
        expect(await outcomes(host, way)).toEqual(expected)
      })
    }
  })
}

test('trims a value in time that grows with its length', () => {
  const blanks = ' '.repeat(100_000)
  expect(trimmed(`a${blanks}b`)).toBe(`a${blanks}b`)
  expect(trimmed(`${blanks}a${blanks}b\t${blanks}`)).toBe(`a${blanks}b`)
  expect(trimmed(blanks)).toBe('')
})
