import type { Command } from 'commander'

/** The flags of `tsgi conform`, as texts. */
export interface ConformFlags {
  readonly only?: readonly string[]
  readonly level?: string
  readonly list?: true
  readonly json?: string
  readonly junit?: string
  readonly without?: readonly string[]
  readonly patience?: string
}

export const CONFORM_SUMMARY =
  'Test a server module, or what RFCs require of any HTTP/1.1 server, by its address; exit code 1 if it does not conform.'

/** Adds `conform`. */
export function addConform(program: Command, ordered: (target: string | undefined, flags: ConformFlags) => void): void {
  program
    .command('conform')
    .description(CONFORM_SUMMARY)
    .argument('[target]', 'file or package of a server module; event-loop, cluster, process; or http://host:port/')
    .option('--only <id...>', 'these cases, or those whose ids begin so')
    .option('--level <n>', 'up to this level: 0 boots, 1 interface, 2 HTTP, 3 faults (default: 3)')
    .option('--list', 'list the cases, and run none')
    .option('--json <file>', 'write the result as JSON; - is standard output')
    .option('--junit <file>', 'write the result as JUnit XML; - is standard output')
    .option('--without <capability...>', 'not claimed: early-hints, trailers, upgrade, half-close, draining, http-1.0')
    .option('--patience <factor>', 'multiply the deadlines of cases, for a server that is slow to connect (default: 1)')
    .action((target: string | undefined, flags: ConformFlags) => ordered(target, flags))
}
