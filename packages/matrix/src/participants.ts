/** Who takes part: servers, and frameworks by an application written in each. */
import type { Runtime } from '@tsgi/conformance'
import type { Json } from '@tsgi/spec/server'

/** What cannot hold, by the exercise's id, and why: shown in the grid, never left out without a word. */
export type Cannot = Readonly<Record<string, string>>

export interface ServerEntry {
  /** A module that exports a server by the contract of `@tsgi/spec/server`: package, path or URL; or `node:http`, the reference. */
  readonly module: string
  /** Options of its own kind, such as `{ "workers": 2 }`. */
  readonly options?: Readonly<Record<string, Json>> | undefined
  /** Multiplies the deadlines of exercises: for a server where each connection waits for a process. Default 1. */
  readonly patience?: number | undefined
  /** Exercises. */
  readonly cannot?: Cannot | undefined
  /** Exercises, by the name of the one framework with which they cannot hold here. */
  readonly cannotWith?: Readonly<Record<string, Cannot>> | undefined
  /** Behaviours of servers, which the kit asks for by clause. */
  readonly cannotAsServer?: Cannot | undefined
  /**
   * Names of the frameworks that are shown on it. Default: all. A server with some of them is a line below the grid and no column
   * of it: what it shows is the host, and not the frameworks.
   */
  readonly frameworks?: readonly string[] | undefined
  /** It is asked over HTTP/2. */
  readonly http2?: boolean | undefined
  /** What runs it in place of this Node. */
  readonly runtime?: Runtime | undefined
  /** Of the server, where it is known. */
  readonly version?: string | undefined
}

export interface FrameworkEntry {
  /** As the grid calls it. */
  readonly name: string
  /** A module whose default export makes an application with the routes of `EXERCISE_ROUTES` (`MakeApplication` of the kit). */
  readonly application: string
  readonly cannot?: Cannot | undefined
  /** Of the framework, where it is known. */
  readonly version?: string | undefined
}

/**
 * What `matrix.config.ts` exports, and what a package says of itself as `tsgi` in its `package.json`. A server may be
 * its module alone; a framework that the kit knows, such as `hono`, its name alone.
 */
export interface MatrixConfig {
  readonly servers?: readonly (string | ServerEntry)[] | undefined
  readonly frameworks?: readonly (string | FrameworkEntry)[] | undefined
}

/** Gives back what it is given, so that an editor knows what there is. */
export const defineMatrix = (config: MatrixConfig): MatrixConfig => config

/** Those who take part, once they have been found: modules are URLs. */
export interface Participants {
  readonly servers: readonly ServerEntry[]
  readonly frameworks: readonly FrameworkEntry[]
  /** Folder of the project, as a URL: frameworks are imported as seen from there. */
  readonly project: string
}
