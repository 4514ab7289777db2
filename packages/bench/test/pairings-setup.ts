/** Every application on its servers, loaded with every workload. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareData } from '../src/data/prepare.ts'
import { Generator } from '../src/load/generator.ts'
import { SubjectProcess } from '../src/running/subject-process.ts'
import type { Subject } from '../src/subjects/subject.ts'
import { APPS, subjectsOf } from '../src/subjects/subjects.ts'
import { nginxVersion } from '../src/subjects/nginx-version.ts'
import type { Workload } from '../src/workloads/workload.ts'
import { WORKLOADS } from '../src/workloads/workloads.ts'

const servers = ['event-loop', 'own', 'srvx', ...(nginxVersion() === null ? [] : ['nginx'])]
export const SUBJECTS: readonly Subject[] = subjectsOf({ servers, apps: APPS, fastGlobals: false, cwd: process.cwd() })

export let folder: string
let generator: Generator
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsgi-pairings-'))
  generator = new Generator(null)
  await prepareData(folder, undefined)
})
afterAll(async () => {
  generator.stop()
  await rm(folder, { recursive: true })
})

/** What each workload's checks found, of a process that is loaded with one after the other. */
export async function troublesOf(subject: Subject, workloads: readonly Workload[]): Promise<Record<string, unknown>> {
  const process = await SubjectProcess.start(subject, { folder, processors: null })
  try {
    const troubles: Record<string, unknown> = {}
    for (const { name } of workloads) {
      const order = { port: process.port, workload: name, seed: 7, connections: 2, count: 12, duration: 20_000 }
      const { answered, wrong, errors, trouble } = await generator.run({ kind: 'check', ...order })
      troubles[name] = trouble ?? { answered, wrong, errors }
    }
    return troubles
  } finally {
    await process.stop()
  }
}

export const right = (workloads: readonly Workload[]) =>
  Object.fromEntries(workloads.map(({ name }) => [name, { answered: 12, wrong: 0, errors: 0 }]))

export const isQuick = ({ label }: Subject): boolean => /^(raw|hono) on event-loop/.test(label)

export const describeSqlite = (subjects: readonly Subject[]): void => {
  describe('with SQLite', () => {
    test.each(subjects)('$label', { timeout: 60_000 }, async (subject) => {
      const workloads = WORKLOADS.filter((workload) => subject.can(workload))
      expect(await troublesOf(subject, workloads)).toEqual(right(workloads))
    })
  })
}
