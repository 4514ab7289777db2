import { describeFramework, describeServer } from '@tsgi/conformance/vitest'
import { cellsOf, findParticipants, frameworkOptions, lineUp } from '@tsgi/matrix'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** The kit over a server of others, and the frameworks that are its witnesses. */
export async function describeHost(name: string): Promise<void> {
  const lineup = await lineUp(await findParticipants(FOLDER))
  const contender = lineup.contenders.find(({ server }) => server.name === name)
  if (contender === undefined) {
    test(name, ({ skip }) => skip(`${name} needs its runtime in PATH; see test-matrix/README.md`))
    return
  }
  const { server, entry } = contender
  describeServer(server, { cannot: entry.cannotAsServer, patience: entry.patience })
  for (const cell of cellsOf({ ...lineup, contenders: [contender] })) describeFramework(frameworkOptions(cell))
}
