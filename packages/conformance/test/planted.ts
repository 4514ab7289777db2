import { afterAll, describe, expect, test } from 'vitest'
import { serverModule } from '@tsgi/server-event-loop'
import { type Behaviour, SERVER_BEHAVIOURS, serverSubject, Session } from '../src/index.ts'
import type { SERVER_FAULTS } from './fixtures/server-faults.ts'

const behaviour = (id: string): Behaviour => {
  const found = SERVER_BEHAVIOURS.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no behaviour is called ${id}`)
  return found
}

/** Judged by itself: the faults of this kind break what others stand on as well. */
async function judge(server: typeof serverModule, id: string): Promise<ReturnType<Session['outcome']>> {
  const one = { ...behaviour(id), level: 2, deadline: 2_000 } as const
  const session = new Session(serverSubject(server), [one])
  try {
    return await session.outcome(one)
  } finally {
    await session.close()
  }
}

/** @param faults some of SERVER_FAULTS; each is found, and nothing is where it is not planted */
export function describePlanted(faults: typeof SERVER_FAULTS): void {
  describe('a fault planted in a server is found, with its clause', () => {
    for (const { what, found, clause, server } of faults) {
      test(`${what}: ${found}`, async () => {
        const outcome = await judge(server, found)
        expect(outcome).toMatchObject({ kind: 'failed', failure: { clause } })
      })
    }
  })

  describe('where nothing is planted nothing is found', () => {
    const ids = [...new Set(faults.map(({ found }) => found))]
    const session = new Session(serverSubject(serverModule), SERVER_BEHAVIOURS)
    afterAll(() => session.close())
    for (const id of ids) {
      test(id, async () => {
        expect((await session.outcome(behaviour(id))).kind).toBe('passed')
      })
    }
  })
}
