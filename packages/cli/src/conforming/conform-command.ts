/** `tsgi conform`: the conformance kit over a server module, or over a server by its address. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  type Capability,
  CAPABILITIES,
  conform,
  type Conformance,
  conformanceJson,
  ConformError,
  describeOutcomes,
  forceOf,
  junit,
  type Level,
  LEVELS,
  selectBehaviours,
} from '@tsgi/conformance'
import { LoadError, requireModule } from '@tsgi/loader'
import type { ConformFlags } from '../commands/conform.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { isOurs } from '../serving/server-module.ts'
import { NotDone } from '../not-done.ts'
import { UsageError } from '../usage-error.ts'

export interface ConformTerminal {
  out(text: string): void
  /** Progress and notes. */
  error(text: string): void
  /** Whether a line of progress can be written over. */
  readonly live: boolean
}

const STANDARD_OUTPUT = '-'
const CLEAR = '\r\u001B[K'

/**
 * Runs the behaviours, or lists them.
 *
 * @throws UsageError for a target that is no server, an address where none listens or a choice that cannot be made, LoadError where there is no such module
 */
export async function conformCommand(
  target: string | undefined,
  flags: ConformFlags,
  terminal: ConformTerminal,
): Promise<ExitCode> {
  const { only } = flags
  const level = flags.level === undefined ? undefined : readLevel(flags.level)
  const patience = flags.patience === undefined ? undefined : readPatience(flags.patience)
  const capabilities = CAPABILITIES.filter((one) => !readCapabilities(flags.without).includes(one))
  if (flags.list === true) {
    terminal.out(list(usable(() => selectBehaviours(only, level))))
    return EXIT.ok
  }
  if (target === undefined) {
    throw new UsageError([
      'There is nothing to test.',
      'Name the file of a server module:         tsgi conform ./my-server.ts',
      'or a server that listens, by its address:  tsgi conform http://127.0.0.1:8080/',
    ])
  }
  const interruption = interruptible(terminal)
  let conformance: Conformance
  try {
    conformance = await conform(locate(target), {
      only,
      level,
      patience,
      capabilities,
      argument: argumentOf(target, flags),
      signal: interruption.signal,
      progress: ({ behaviour }, done, total) =>
        void (terminal.live && terminal.error(`${CLEAR}[${done}/${total}] ${behaviour.id}`)),
    })
  } catch (error) {
    if (error instanceof ConformError) throw new UsageError([error.message], error)
    throw error
  } finally {
    interruption.release()
    if (terminal.live) terminal.error(CLEAR)
  }
  await report(conformance, flags, terminal)
  if (interruption.signal.aborted) return EXIT.interrupted
  return conformance.conforms ? EXIT.ok : EXIT.findings
}

/** Behaviours by level, one a line. */
function list(behaviours: ReturnType<typeof selectBehaviours>): string {
  const width = Math.max(...behaviours.map(({ id }) => id.length))
  const lines = LEVELS.flatMap((title, level) => {
    const those = behaviours.filter((behaviour) => behaviour.level === level)
    if (those.length === 0) return []
    return [
      `level ${level}, ${title}: ${those.length}`,
      ...those.map((behaviour) => {
        const { id, title, clause } = behaviour
        return `  ${id.padEnd(width)}  ${title}  (${forceOf(behaviour)}, ${clause})`
      }),
    ]
  })
  return `${lines.join('\n')}\n`
}

/** What `conform` takes: the URL of a module as this folder sees it, or the address as it is. */
function locate(target: string): string {
  if (/^https?:\/\//.test(target)) return target
  if (/^[\w.-]+:\d+\/?$/.test(target)) {
    throw new UsageError([`${target}: expected a URL or a module. Did you mean http://${target}?`])
  }
  if (isOurs(target)) return import.meta.resolve(`@tsgi/server-${target}`)
  try {
    return requireModule(/^[\w-]+\.[cm]?[jt]s$/.test(target) ? `./${target}` : target, process.cwd())
  } catch (error) {
    // What is missing here is no application.
    if (error instanceof LoadError) throw new UsageError(error.message.split('\n'), error)
    throw error
  }
}

/** So that the command that a failure prints runs the case as it was run. */
function argumentOf(target: string, { patience, without = [] }: ConformFlags): string {
  const quoted = /^[\w@./:-]+$/.test(target) ? target : `'${target.replaceAll("'", String.raw`'\''`)}'`
  return [
    quoted,
    ...(patience === undefined ? [] : [`--patience ${patience}`]),
    ...(without.length === 0 ? [] : [`--without ${without.join(' ')}`]),
  ].join(' ')
}

async function report(conformance: Conformance, flags: ConformFlags, terminal: ConformTerminal): Promise<void> {
  const { subject, outcomes, chosen } = conformance
  const files = [
    [flags.json, () => `${JSON.stringify(conformanceJson(conformance), null, 2)}\n`],
    [flags.junit, () => junit(subject, outcomes)],
  ] as const
  const piped = files.some(([file]) => file === STANDARD_OUTPUT)
  const words = `${describeOutcomes(subject, outcomes)}\n`
  if (piped) terminal.error(words)
  else terminal.out(words)
  if (outcomes.length < chosen) terminal.error(`interrupted: ${outcomes.length} of ${chosen} were judged\n`)
  for (const [file, text] of files) {
    if (file === STANDARD_OUTPUT) terminal.out(text())
    else if (file !== undefined) await write(file, text())
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(resolve(file), text)
  } catch (error) {
    throw new NotDone([`${file} cannot be written: ${(error as Error).message}`], error)
  }
}

/** The first Ctrl-C ends after the case that runs, and shows what is finished; a second one ends at once. */
function interruptible(terminal: ConformTerminal): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    terminal.error(`${terminal.live ? '\n' : ''}interrupted: what is finished is shown\n`)
    controller.abort()
  }
  process.on('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', interrupt)
    },
  }
}

function usable<T>(choose: () => T): T {
  try {
    return choose()
  } catch (error) {
    if (error instanceof ConformError) throw new UsageError([error.message], error)
    throw error
  }
}

function readLevel(text: string): Level {
  if (/^[0-3]$/.test(text)) return Number(text) as Level
  throw new UsageError([`--level ${text}: expected 0 to 3 (${LEVELS.map((title, i) => `${i} ${title}`).join(', ')}).`])
}

function readPatience(text: string): number {
  const patience = Number(text)
  if (patience > 0 && Number.isFinite(patience)) return patience
  throw new UsageError([`--patience ${text}: expected a factor above 0, such as 4.`])
}

function readCapabilities(without: readonly string[] = []): readonly Capability[] {
  return without.map((text) => {
    const capability = CAPABILITIES.find((one) => one === text)
    if (capability !== undefined) return capability
    throw new UsageError([`--without ${text}: expected one of ${CAPABILITIES.join(', ')}.`])
  })
}
