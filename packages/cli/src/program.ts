import { Command, CommanderError, Option } from 'commander'
import type { MatrixFlags } from '@tsgi/matrix'
import { addBench, type BenchOrder } from './bench-command.ts'
import { addConform, type ConformFlags } from './conform-flags.ts'
import type { ControlOrder } from './control/control-command.ts'
import { EXIT } from './exit-code.ts'
import { addMatrix } from './matrix-command.ts'
import { flagName, hasOption, OPTION_ROWS, type CommandName, type OptionSpec } from './settings/options.ts'
import type { Flags } from './settings/settings.ts'
import { version } from './version.ts'

/** What a command line asks for. */
export type Invocation =
  | { readonly command: 'serve' | 'dev'; readonly app: string | undefined; readonly flags: Flags }
  | {
      readonly command: 'check'
      readonly app: string
      readonly paths: readonly string[]
      readonly allowErrors: boolean
      readonly flags: Flags
    }
  | {
      readonly command: 'fetch'
      readonly app: string
      readonly target: string
      readonly request: RequestFlags
      readonly flags: Flags
    }
  | { readonly command: 'control'; readonly order: ControlOrder; readonly flags: Flags }
  | {
      readonly command: 'conform'
      readonly target: string | undefined
      readonly order: ConformFlags
      readonly flags: Flags
    }
  | { readonly command: 'matrix'; readonly order: MatrixFlags; readonly flags: Flags }
  | { readonly command: 'bench'; readonly order: BenchOrder; readonly flags: Flags }
  /** Answered already: help, the version, or a complaint. */
  | { readonly command: 'none'; readonly exitCode: number }

/** The flags of `tsgi fetch` that describe a request; curl's names. */
export interface RequestFlags {
  readonly request?: string
  readonly header?: readonly string[]
  readonly data?: string
  readonly verbose?: true
}

export interface Terminal {
  out(text: string): void
  error(text: string): void
}

/** Reads a command line. Help and complaints are written to the terminal. */
export function readCommandLine(argv: readonly string[], terminal: Terminal): Invocation {
  let invocation: Invocation = { command: 'none', exitCode: EXIT.ok }
  const program = new Command('tsgi')
    .description('Runs TSGI applications, and those of Hono, h3, Express, Koa, Fastify and PEP 3333.')
    .version(version, '--version', 'print the version (also -v, -V and tsgi version)')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.error,
      outputError: (text, write) => write(text.replace(/^error: /, 'tsgi: ').replace(/\n\((.*)\)/, '\n  $1')),
    })
    .exitOverride()
    .showHelpAfterError('  tsgi --help, and tsgi serve --help, show what there is.')

  for (const name of ['serve', 'dev'] as const) {
    addOptions(program.command(name), name)
      .description(SUMMARY[name])
      .argument('[app]', 'file[:export] of the application; without one, --static serves files alone')
      .action((app: string | undefined, flags: Flags) => void (invocation = { command: name, app, flags }))
  }

  addOptions(program.command('fetch'), 'fetch')
    .description(SUMMARY.fetch)
    .argument('<app>', 'file[:export] of the application')
    .argument('<path>', 'path and query, or a whole URL')
    .addOption(inGroup('Request', '-X, --request <method>', 'method; POST where there is data, else GET'))
    .addOption(
      inGroup('Request', '-H, --header <field>', "field, such as 'accept: text/html' (repeatable)").argParser(collect),
    )
    .addOption(inGroup('Request', '-d, --data <data>', 'body; @file reads a file, @- standard input'))
    .addOption(inGroup('Request', '-v, --verbose', 'show both heads on standard error'))
    .action((app: string, target: string, { request, header, data, verbose, ...flags }: RequestFlags & Flags) => {
      invocation = { command: 'fetch', app, target, request: { request, header, data, verbose } as RequestFlags, flags }
    })

  addOptions(program.command('check'), 'check')
    .description(SUMMARY.check)
    .argument('<app>', 'file[:export] of the application')
    .argument('[path...]', 'paths that it answers (default: /)')
    .addOption(inGroup('Check', '--allow-errors', 'pass a path that answers every request with an error'))
    .action(
      (app: string, paths: readonly string[], { allowErrors = false, ...flags }: { allowErrors?: boolean } & Flags) => {
        invocation = { command: 'check', app, paths, allowErrors, flags }
      },
    )

  const order = (order: ControlOrder, flags: Flags) => void (invocation = { command: 'control', order, flags })
  addOptions(program.command('reload'), 'reload')
    .description(SUMMARY.reload)
    .action((flags: Flags) => order({ command: 'reload' }, flags))
  addOptions(program.command('status'), 'status')
    .description(SUMMARY.status)
    .option('--json', 'as JSON')
    .action(({ json, ...flags }: { json?: true } & Flags) => order({ command: 'status', json: json === true }, flags))
  addOptions(program.command('stop'), 'stop')
    .description(SUMMARY.stop)
    .option('--now', 'without waiting for responses in flight')
    .action(({ now, ...flags }: { now?: true } & Flags) => order({ command: 'stop', now: now === true }, flags))
  addOptions(program.command('scale'), 'scale')
    .description(SUMMARY.scale)
    .argument('<n>', 'workers of a cluster, or processes that wait for a connection')
    .action((to: string, flags: Flags) => order({ command: 'scale', to }, flags))

  addConform(program, (target, order) => void (invocation = { command: 'conform', target, order, flags: {} }))
  addMatrix(program, (order) => void (invocation = { command: 'matrix', order, flags: {} }))
  addBench(program, (order) => void (invocation = { command: 'bench', order, flags: {} }))

  for (const command of program.commands) {
    command.showHelpAfterError(`  tsgi ${command.name()} --help shows what there is.`)
  }

  try {
    if (argv.length === 0) program.help()
    program.parse(asFlags(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { command: 'none', exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage }
  }
  return invocation
}

/** What other commands call help and version, as this one has them. */
function asFlags([first, ...rest]: readonly string[]): readonly string[] {
  if (first === '-v' || first === '-V' || first === 'version') return ['--version']
  if (first === 'help') return [...rest.slice(0, 1), '--help']
  return first === undefined ? [] : [first, ...rest]
}

export const SUMMARY: Readonly<Record<CommandName, string>> = {
  serve: 'Serve an application in production.',
  dev: 'Serve while you work on it: restarts on changes, shows errors, logs requests.',
  fetch: 'Make one request in this process, without a socket; exit code 22 outside 2xx.',
  check: 'Check an application against the specification; exit code 1 where it breaks a clause.',
  reload: 'Let a cluster or process server that runs load the application anew; exit code 1 where that fails.',
  status: 'Tell how a cluster or process server does that runs.',
  stop: 'Stop a cluster or process server as TERM does, and wait until it is gone.',
  scale: 'Change how many workers, or waiting processes, a server that runs is to have.',
}

function addOptions(command: Command, name: CommandName): Command {
  for (const [key, spec] of OPTION_ROWS) {
    if (!hasOption(name, spec)) continue
    const flag = flagName(key)
    const option = inGroup(spec.group, flagsOf(flag, spec), describe(spec, name))
    if (spec.many !== undefined) option.argParser(collect)
    command.addOption(option)
    // A switch can be set by a variable or a file, so each can be turned off again; only the help of some says so.
    if (spec.type === 'switch' && spec.flagOnly !== true) {
      command.addOption(inGroup(spec.group, `--no-${flag}`, `no --${flag}`).hideHelp(!isOn(spec, name)))
    }
  }
  return command
}

const flagsOf = (flag: string, { short, value, bare }: OptionSpec) =>
  `${short === undefined ? '' : `-${short}, `}--${flag}${value === undefined ? '' : bare === undefined ? ` <${value}>` : ` [${value}]`}`

const isOn = (spec: OptionSpec, name: CommandName) => defaultOf(spec, name) === true

/** What an option is without being given. */
export const defaultOf = (spec: OptionSpec, name: CommandName): string | boolean | undefined =>
  name === 'dev' && spec.devDefault !== undefined ? spec.devDefault : spec.default

function describe(spec: OptionSpec, name: CommandName): string {
  const preset = defaultOf(spec, name)
  if (preset === undefined || preset === false) return spec.help
  const { serverDefault } = spec
  const elsewhere = serverDefault === undefined ? '' : `; ${serverDefault.value} on ${serverDefault.server}`
  return `${spec.help} (default: ${preset === true ? 'on' : preset}${elsewhere})`
}

const inGroup = (group: string, flags: string, description: string) =>
  new Option(flags, description).helpGroup(`${group}:`)

const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
]
