/** What binds every server is asked of every server: by the kit, in the files named here. */
import { readFileSync } from 'node:fs'
import { EVERY_SERVER, type OurServer, SERVER_BEHAVIOURS } from '@tsgi/conformance'
import { describe, expect, test } from 'vitest'

// A server that is missing here does not compile.
const KIT_RUNS: Readonly<Record<OurServer, string>> = {
  'event-loop': 'packages/conformance/test/event-loop.test.ts',
  cluster: 'test-matrix/test/cluster-conformance.slow.test.ts',
  process: 'test-matrix/test/process-conformance.slow.test.ts',
  node: 'packages/adapter-node/test/conformance.test.ts',
  fetch: 'packages/adapter-fetch/test/conformance.test.ts',
}

/** Behaviours that a host has no way to show. */
const ABSENT: Readonly<Partial<Record<OurServer, readonly string[]>>> = {
  // A Response carries no trailers, and the application is offered none.
  fetch: EVERY_SERVER['U.4'],
}

describe('the clauses that bind every server', () => {
  test('have behaviours', () => {
    const ids = new Set(SERVER_BEHAVIOURS.map(({ id }) => id))
    expect(
      Object.values(EVERY_SERVER)
        .flat()
        .filter((id) => !ids.has(id)),
    ).toEqual([])
  })

  test.each(Object.entries(KIT_RUNS))('are asked of %s', (server, file) => {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    expect(text).toContain('describeServer(')
    const absent = ABSENT[server as OurServer] ?? []
    const excused = Object.values(EVERY_SERVER)
      .flat()
      .filter((id) => text.includes(`'${id}'`))
    expect(excused.toSorted()).toEqual([...absent].toSorted())
  })
})
