/** The cells of the grid: each framework on each server. */
import { type FrameworkOptions, hostedServer, UnusableModuleError } from '@tsgi/conformance'
import type { ServerModule } from '@tsgi/spec/server'
import type { ExerciseConfig } from './exercise-entry.ts'
import type { FrameworkEntry, Participants, ServerEntry } from './participants.ts'

/** A server that takes part, ready to be started; each start is a process of its own. */
export interface Contender {
  readonly entry: ServerEntry
  readonly server: ServerModule
}

/** Servers, ready to be started, and frameworks. */
export interface Lineup {
  readonly contenders: readonly Contender[]
  readonly frameworks: Participants['frameworks']
  readonly project: string
}

export interface Cell {
  readonly contender: Contender
  readonly framework: FrameworkEntry
  readonly project: string
}

const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './exercise-entry.ts' : './exercise-entry.js', import.meta.url)

export const lineUp = async ({ servers, frameworks, project }: Participants): Promise<Lineup> => ({
  contenders: await Promise.all(servers.map(openServer)),
  frameworks,
  project,
})

/** Of a server that cannot be loaded, the cells say why. */
async function openServer(entry: ServerEntry): Promise<Contender> {
  try {
    return { entry, server: await hostedServer(entry.module, entry.runtime) }
  } catch (error) {
    if (!(error instanceof UnusableModuleError)) throw error
    const reason = `${entry.module} ${error.message}`
    const serve = (): Promise<never> => Promise.reject(new UnusableModuleError(reason))
    return { entry, server: { name: shortName(entry.module), inProcess: false, serve } }
  }
}

const shortName = (url: string): string => url.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '')

export const cellsOf = ({ contenders, frameworks, project }: Lineup): Cell[] =>
  contenders.flatMap((contender) =>
    frameworks
      .filter((framework) => isShownOn(contender, framework))
      .map((framework) => ({ contender, framework, project })),
  )

const isShownOn = ({ entry }: Contender, { name }: FrameworkEntry): boolean =>
  entry.frameworks === undefined || entry.frameworks.includes(name)

/** Whether it is a line below the grid. */
export const isHost = ({ entry }: Contender): boolean => entry.frameworks !== undefined

export const nameOf = ({ contender, framework }: Cell): string => `${framework.name} on ${contender.server.name}`

/** The framework's exercise application on the server, for the runners of the kit. */
export function frameworkOptions(cell: Cell): FrameworkOptions {
  const { contender, framework, project } = cell
  const { name, application, cannot } = framework
  return {
    name: nameOf(cell),
    server: contender.server,
    options: contender.entry.options,
    patience: contender.entry.patience,
    http2: contender.entry.http2,
    cannot: { ...cannot, ...contender.entry.cannot, ...contender.entry.cannotWith?.[name] },
    app: (folder) => ({ module: ENTRY, config: { name, application, project, folder } satisfies ExerciseConfig }),
  }
}
