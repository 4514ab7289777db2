import { optionalPackage } from '../optional-package.ts'
import { defineCommand, numberOption, option, type TsgiCommand } from './command.ts'

interface BenchFlags {
  readonly servers?: readonly string[]
  readonly workloads?: readonly string[]
  readonly rounds?: number
  readonly duration?: number
  readonly connections?: number
  readonly latency?: readonly string[]
  readonly full?: true
  readonly fastGlobals?: true
  readonly seed?: number
  readonly json?: string
  readonly html?: string
  readonly from?: string
}

/** @throws UsageError where @tsgi/bench is not installed */
const load = (): Promise<typeof import('@tsgi/bench')> =>
  optionalPackage('@tsgi/bench', 'bench', () => import('@tsgi/bench'))

const compare: TsgiCommand = defineCommand({
  name: 'compare',
  summary: 'Say what got slower or faster between two results; exit code 1 on a regression.',
  arguments: [
    ['<before>', 'JSON of a run, or its report'],
    ['<after>', 'the same of a later one'],
  ],
  options: [numberOption('--threshold <share>', 'by which a row may cost more (default: 0.05)')],
  async run(files: readonly [string, string], { threshold }: { readonly threshold?: number }, context) {
    return await (await load()).compareCommand(files, threshold, context)
  },
})

export const bench: TsgiCommand = defineCommand({
  name: 'bench',
  summary: 'Measure what a request costs, servers and applications in pairings.',
  arguments: [['[app...]', 'file[:export], or raw, mini, views, hono, express, koa, fastify, all']],
  options: [
    option(
      '--servers <name...>',
      'event-loop, cluster, process, own, srvx, nginx, floor, all, gunicorn-gthread and others, or a module',
    ),
    option('--workloads <name...>', 'plaintext, json, fortunes and others, all; /path for an app of your own'),
    numberOption('--rounds <n>', 'at least 5'),
    numberOption('--duration <seconds>', 'for which each row of a round is loaded'),
    numberOption('--connections <n>', 'of the load (default: 64)'),
    option('--latency <workload...>', 'which workloads are also asked at fixed rates, all or none (default: all)'),
    option('--full', 'all pairings and workloads, as long as figures to cite need'),
    option(
      '--fast-globals',
      'also rows with fast Request and Response, for fetch applications; they are marked as tuned',
    ),
    numberOption('--seed <n>', 'for the order of pairings and the inputs'),
    option('--json <file>', 'write the result'),
    option('--html <file>', 'write a report, one file for the browser'),
    option('--from <file>', 'show a former result, or a report, again'),
  ],
  subcommands: [compare],
  async run([apps]: readonly [readonly string[]], flags: BenchFlags, context) {
    const command = ['tsgi', ...process.argv.slice(2)].join(' ')
    return await (await load()).benchCommand({ ...flags, ...(apps.length > 0 && { apps }), command }, context)
  },
})
