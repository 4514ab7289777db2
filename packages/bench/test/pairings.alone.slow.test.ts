/** Every application on its servers answers every workload as it must, with random inputs; with both databases. */
import { mkdtemp } from 'node:fs/promises'

import { join } from 'node:path'
import { startPostgres, type TestDatabase } from 'notes-kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareData } from '../src/data/prepare.ts'

import { WORKLOADS } from '../src/workloads/workloads.ts'

import { describeSqlite, folder, isQuick, right, SUBJECTS, troublesOf } from './pairings-setup.ts'

describe('the pairings', () => describeSqlite(SUBJECTS.filter((subject) => !isQuick(subject))))

describe('with PostgreSQL', () => {
  const former = process.env['DATABASE_URL']
  const workloads = WORKLOADS.filter(({ database }) => database)
  let postgres: TestDatabase | undefined
  beforeAll(async () => {
    postgres = await startPostgres()
    if (postgres === undefined) return
    process.env['DATABASE_URL'] = postgres.url
    await prepareData(await mkdtemp(join(folder, 'postgres-')), postgres.url)
  }, 60_000)
  afterAll(async () => {
    if (former === undefined) delete process.env['DATABASE_URL']
    else process.env['DATABASE_URL'] = former
    await postgres?.stop()
  })

  test.for(SUBJECTS.filter((subject) => workloads.every((workload) => subject.can(workload))))(
    '$label',
    { timeout: 60_000 },
    async (subject, { skip }) => {
      skip(postgres === undefined, 'there is no PostgreSQL')
      expect(await troublesOf(subject, workloads)).toEqual(right(workloads))
    },
  )
})
