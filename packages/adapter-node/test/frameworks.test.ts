/** The same applications on `node:http` and as TSGI applications: each request of a long table is answered alike. */
import connect from 'connect'
import { describe, expect, test, vi } from 'vitest'
import { expressApp } from './apps/express-app.ts'
import { expressDifferences, expressRequests } from './apps/express-requests.ts'
import { fastifyApp } from './apps/fastify-app.ts'
import { fastifyDifferences, fastifyRequests } from './apps/fastify-requests.ts'
import { koaApp } from './apps/koa-app.ts'
import { koaDifferences, koaRequests } from './apps/koa-requests.ts'
import type { Differences, Row } from './apps/row.ts'
import { expectSame } from './compare.ts'
import { nodeHttp, tsgiHosts, type Subject } from './hosts.ts'
import { requestText, talk } from './wire.ts'

// Express and Koa print the errors of their applications.
vi.spyOn(console, 'error').mockImplementation(() => {})

interface Framework {
  readonly name: string
  readonly make: () => Subject
  readonly requests: readonly Row[]
  readonly differences: Differences
}

const frameworks: readonly Framework[] = [
  { name: 'Express', make: () => expressApp(), requests: expressRequests, differences: expressDifferences },
  // Not recognised as Express, so its prototypes replace those of requests that were made without them.
  {
    name: 'Express inside connect',
    make: () => connect().use(expressApp() as never),
    requests: expressRequests,
    differences: expressDifferences,
  },
  { name: 'Koa', make: () => koaApp(), requests: koaRequests, differences: koaDifferences },
  { name: 'Fastify', make: () => fastifyApp(), requests: fastifyRequests, differences: fastifyDifferences },
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
