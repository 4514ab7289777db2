import { Option } from 'commander'
import type { Environment } from '../environment.ts'
import type { CommandName } from '../settings/options.ts'
import type { Flags } from '../settings/settings.ts'
import type { Inheritance } from '../watching/watched-child.ts'

export interface Terminal {
  out(text: string): void
  error(text: string): void
}

/** What a command runs with. */
export interface Context extends Terminal {
  /** Whether a line of `error` can be written over: progress. */
  readonly live: boolean
  /** As it was before anything was read into it. */
  readonly originalEnv: NodeJS.ProcessEnv
  /** Of a process that another one watches. */
  readonly inheritance: Inheritance | undefined
  /**
   * Puts settings together: files with variables, modules to import, the config file, flags.
   *
   * @throws UsageError, LoadError
   */
  prepare(name: CommandName, app: string | undefined, flags: Flags): Promise<Environment>
}

/**
 * A command of `tsgi`, in one place: what it is called, what it takes and what it does. Its module imports what runs it only in
 * `run`, so that no command pays for another.
 */
export interface TsgiCommand<Args extends readonly unknown[] = readonly unknown[], Options extends object = object> {
  readonly name: string
  readonly summary: string
  /** In commander's syntax, such as `<app>` or `[path...]`, each with its meaning. */
  readonly arguments?: readonly (readonly [syntax: string, meaning: string])[]
  /** Its own. */
  readonly options?: readonly Option[]
  /** It has the options of the table that this command has, besides its own. */
  readonly settings?: CommandName
  readonly subcommands?: readonly TsgiCommand[]
  /** @returns the exit code */
  run(args: Args, options: Options, context: Context): Promise<number>
}

/** Keeps the types of arguments and options from the call on. */
export const defineCommand = <Args extends readonly unknown[], Options extends object>(
  command: TsgiCommand<Args, Options>,
): TsgiCommand<Args, Options> => command

/** An option below a heading of its own in the help. */
export const inGroup = (group: string, flags: string, meaning: string): Option =>
  new Option(flags, meaning).helpGroup(`${group}:`)

/** For an option that may be given again. */
export const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
]

export const option = (flags: string, meaning: string): Option => new Option(flags, meaning)

export const numberOption = (flags: string, meaning: string): Option => option(flags, meaning).argParser(Number)
