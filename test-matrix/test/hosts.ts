import { describeFramework, describeServer } from '@tsgi/conformance/vitest'
import { cellsOf, findParticipants, frameworkOptions, lineUp } from '@tsgi/matrix'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { test } from 'vitest'
import { HOSTS } from '../hosts/columns.ts'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** The kit over a server of others, and the frameworks that are its witnesses. */
export async function describeHost(name: string): Promise<void> {
  const host = HOSTS.find((one) => one.name === name)
  if (host === undefined) {
    test(name, ({ skip }) => skip(`${name} needs its runtime in PATH; see test-matrix/README.md`))
    return
  }
  const { servers, ...others } = await findParticipants(FOLDER)
  // Each server that takes part is a process at once.
  const only = servers.filter(({ module }) => module === pathToFileURL(host.module).href)
  const lineup = await lineUp({ ...others, servers: only })
  for (const { server, entry } of lineup.contenders) {
    describeServer(server, {
      cannot: entry.cannotAsServer,
      patience: entry.patience,
      http2: entry.http2,
    })
  }
  for (const cell of cellsOf(lineup)) describeFramework(frameworkOptions(cell))
}
