/** The cells of the grid: each framework on each server. */
import { EXERCISES, exercisePath, type FrameworkOptions, frameworkSubject, Session } from '@tsgi/conformance'
import type { ServerModule } from '@tsgi/spec/server'
import exercise, { type ExerciseConfig } from './exercise-entry.ts'
import { type FrameworkEntry, FRAMEWORKS, type ServerEntry, SERVERS } from './participants.ts'

export interface Cell {
  readonly server: ServerEntry
  readonly framework: FrameworkEntry
}

export const CELLS: readonly Cell[] = SERVERS.flatMap((server) =>
  FRAMEWORKS.map((framework) => ({ server, framework })),
)

export const nameOf = ({ server, framework }: Cell): string => `${framework.name} on ${server.server.name}`

const ENTRY = new URL('exercise-entry.ts', import.meta.url)

/** The framework's exercise application on the server, for the runners of the kit. */
export function frameworkOptions(cell: Cell): FrameworkOptions {
  const { server, framework } = cell
  return {
    name: nameOf(cell),
    server: server.server.inProcess ? loadingHere(server.server) : server.server,
    options: server.options,
    patience: server.patience,
    cannot: { ...framework.cannot, ...server.cannot },
    app: (folder) => ({ module: ENTRY, config: { app: framework.app, folder } satisfies ExerciseConfig }),
  }
}

export const openSession = (cell: Cell): Session =>
  new Session(frameworkSubject(frameworkOptions(cell)), EXERCISES, exercisePath)

/** Given a function, `node:http` and the event loop need no import of their own, which a test runner would not follow. */
const loadingHere = (server: ServerModule): ServerModule => ({
  ...server,
  serve: async (app, options) =>
    server.serve(typeof app === 'function' ? app : await exercise(app.config as unknown as ExerciseConfig), options),
})
