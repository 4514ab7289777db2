/** An excuse that is no longer one hides a fault: what a host is excused from does not hold. */
import { conform, hostedServer } from '@tsgi/conformance'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { HOSTS } from '../hosts/columns.ts'

describe('servers of others with an application of ours', { timeout: 600_000 }, () => {
  test.each(HOSTS)('$name needs each of its excuses', async ({ module, runtime, cannotAsServer = {} }) => {
    const server = await hostedServer(pathToFileURL(module).href, runtime)
    const { outcomes } = await conform(server, { only: Object.keys(cannotAsServer) })
    const excused = outcomes.filter(({ behaviour }) => Object.hasOwn(cannotAsServer, behaviour.id))
    expect(excused.filter(({ kind }) => kind === 'passed').map(({ behaviour }) => behaviour.id)).toEqual([])
  })
})
