/** A little of each server of others that runs in Node; all of it is in the slow tier. */
import { conform, EXERCISES, SERVER_BEHAVIOURS } from '@tsgi/conformance'
import type { ServerModule } from '@tsgi/spec/server'
import { describe, expect, test } from 'vitest'
import { NODE_HOSTS, RUNTIME_HOSTS } from '../hosts/columns.ts'

const FEW = ['boot-', 'body-string', 'head-null', 'input-length', 'environ-remote', 'gone-signal', 'draining-stop']

describe('servers of others with an application of ours', () => {
  test.each(NODE_HOSTS)('$name does what every server does first', async ({ module, http2 }) => {
    const { default: server } = (await import(module)) as { readonly default: ServerModule }
    const { outcomes } = await conform(server, { only: FEW, http2 })
    expect(outcomes.filter(({ kind }) => kind !== 'passed').map(({ behaviour }) => behaviour.id)).toEqual([])
  })

  test.each([...NODE_HOSTS, ...RUNTIME_HOSTS])('$name is excused from nothing that does not exist', (host) => {
    const known = (all: readonly { readonly id: string }[], excused: object = {}): string[] =>
      Object.keys(excused).filter((id) => !all.some((one) => one.id === id))
    for (const excused of [host.cannot, ...Object.values(host.cannotWith ?? {})]) {
      expect(known(EXERCISES, excused)).toEqual([])
    }
    expect(known(SERVER_BEHAVIOURS, host.cannotAsServer)).toEqual([])
  })
})
