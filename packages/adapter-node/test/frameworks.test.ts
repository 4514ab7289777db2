/** The same applications on `node:http` and as TSGI applications: each request of a long table is answered alike. */
import connect from 'connect'
import { describe, expect, test, vi } from 'vitest'
import { FRAMEWORKS, type Framework } from './apps/frameworks.ts'
import { expectSame } from './compare.ts'
import { nodeHttp, tsgiHosts } from './hosts.ts'
import { requestText, talk } from './wire.ts'

// Express and Koa print the errors of their applications.
vi.spyOn(console, 'error').mockImplementation(() => {})

const { express, koa, fastify } = FRAMEWORKS
const frameworks: readonly Framework[] = [
  express,
  // Not recognised as Express, so its prototypes replace those of requests that were made without them.
  { ...express, name: 'Express inside connect', make: () => connect().use(express.make() as never) },
  koa,
  fastify,
]

for (const { name, make, requests, differences } of frameworks) {
  for (const host of tsgiHosts) {
    describe(`${name} on ${host.name}`, async () => {
      // One application for each server: sessions and counters go the same way on both.
      const node = await nodeHttp.serve(make())
      const tsgi = await host.serve(make())

      test.for(requests)('%s %s', async ([method, target, fields = {}, body = null]) => {
        const request = requestText(method, target, fields, body)
        const expected = await talk(node.port, request)
        const actual = await talk(tsgi.port, request)
        expectSame(actual, expected, differences[`${method} ${target}`])
        expect(actual.final?.complete).toBe(true)
      })

      test('keeps the rules of the interface, and logs no failure but those that Node would hide', async () => {
        expect(tsgi.findings).toEqual([])
        const answered = Object.values(differences).filter((difference) => difference === 'answered')
        expect(tsgi.log).toHaveLength(answered.length)
        await node[Symbol.asyncDispose]()
        await tsgi[Symbol.asyncDispose]()
      })
    })
  }
}
