import { Command, CommanderError } from 'commander'
import { COMMANDS } from './commands/all.ts'
import { collect, inGroup, type Terminal, type TsgiCommand } from './commands/command.ts'
import { EXIT } from './exit-code.ts'
import { defaultOf, flagName, hasOption, OPTION_ROWS, type CommandName, type OptionSpec } from './settings/options.ts'
import { version } from './version.ts'

/** What a command line asks for. */
export type Invocation =
  | { readonly command: TsgiCommand; readonly args: readonly unknown[]; readonly options: object }
  /** Answered already: help, the version, or a complaint. */
  | { readonly command: null; readonly exitCode: number }

/** Reads a command line. Help and complaints are written to the terminal. */
export function readCommandLine(argv: readonly string[], terminal: Terminal): Invocation {
  let invocation: Invocation = { command: null, exitCode: EXIT.ok }
  const program = buildProgram(terminal, (given) => (invocation = given))
  try {
    if (argv.length === 0) program.help()
    program.parse(asFlags(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { command: null, exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage }
  }
  return invocation
}

/** All commands with all their options. */
export function buildProgram(terminal: Terminal, asked: (invocation: Invocation) => void): Command {
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

  for (const command of COMMANDS) add(program, command, asked)
  for (const command of program.commands) {
    command.showHelpAfterError(`  tsgi ${command.name()} --help shows what there is.`)
  }
  return program
}

function add(parent: Command, command: TsgiCommand, asked: (invocation: Invocation) => void): void {
  const added = parent.command(command.name).description(command.summary)
  if (command.settings !== undefined) addSettings(added, command.settings)
  for (const [syntax, meaning] of command.arguments ?? []) added.argument(syntax, meaning)
  for (const one of command.options ?? []) added.addOption(one)
  for (const one of command.subcommands ?? []) add(added, one, asked)
  // Commander calls with the arguments, the options and itself.
  added.action((...given: unknown[]) => {
    asked({ command, args: given.slice(0, -2), options: given.at(-2) as object })
  })
}

/** What other commands call help and version, as this one has them. */
function asFlags([first, ...rest]: readonly string[]): readonly string[] {
  if (first === '-v' || first === '-V' || first === 'version') return ['--version']
  if (first === 'help') return [...rest.slice(0, 1), '--help']
  return first === undefined ? [] : [first, ...rest]
}

/** Options of the table. */
function addSettings(command: Command, name: CommandName): void {
  for (const [key, spec] of OPTION_ROWS) {
    if (!hasOption(name, spec)) continue
    const flag = flagName(key)
    const option = inGroup(spec.group, flagsOf(flag, spec), describe(spec, name))
    if (spec.many !== undefined) option.argParser(collect)
    command.addOption(option)
    // A switch can be set by a variable or a file, so each can be turned off again; only the help of some says so.
    if (spec.type === 'switch' && spec.flagOnly !== true) {
      command.addOption(inGroup(spec.group, `--no-${flag}`, `no --${flag}`).hideHelp(defaultOf(spec, name) !== true))
    }
  }
}

const flagsOf = (flag: string, { short, value, bare }: OptionSpec) =>
  `${short === undefined ? '' : `-${short}, `}--${flag}${value === undefined ? '' : bare === undefined ? ` <${value}>` : ` [${value}]`}`

function describe(spec: OptionSpec, name: CommandName): string {
  const preset = defaultOf(spec, name)
  if (preset === undefined || preset === false) return spec.help
  const { serverDefault } = spec
  const elsewhere = serverDefault === undefined ? '' : `; ${serverDefault.value} on ${serverDefault.server}`
  return `${spec.help} (default: ${preset === true ? 'on' : preset}${elsewhere})`
}
