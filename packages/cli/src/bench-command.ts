import type { Command } from 'commander'
import { optionalPackage } from './optional-package.ts'

/** What `tsgi bench` was asked: the command of @tsgi/bench, called later. */
export interface BenchOrder {
  run(bench: typeof import('@tsgi/bench')): Promise<number>
}

interface Flags {
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

export const BENCH_SUMMARY = 'Measure what a request costs, servers and applications in pairings.'

/** Adds `bench` and `bench compare`. */
export function addBench(program: Command, ordered: (order: BenchOrder) => void): void {
  const bench = program
    .command('bench')
    .description(BENCH_SUMMARY)
    .argument('[app...]', 'file[:export], or raw, mini, views, hono, express, koa, fastify, all')
    .option('--servers <name...>', 'event-loop, cluster, process, own, srvx, nginx, all, or a module')
    .option('--workloads <name...>', 'plaintext, json, fortunes and others, all; /path for an app of your own')
    .option('--rounds <n>', 'at least 5', Number)
    .option('--duration <seconds>', 'for which each row of a round is loaded', Number)
    .option('--connections <n>', 'of the load (default: 64)', Number)
    .option('--latency <workload...>', 'which workloads are also asked at fixed rates, all or none (default: all)')
    .option('--full', 'all pairings and workloads, as long as figures to cite need')
    .option(
      '--fast-globals',
      'also rows with fast Request and Response, for fetch applications; they are marked as tuned',
    )
    .option('--seed <n>', 'for the order of pairings and the inputs', Number)
    .option('--json <file>', 'write the result')
    .option('--html <file>', 'write a report, one file for the browser')
    .option('--from <file>', 'show a former result, or a report, again')
    .action((apps: readonly string[], flags: Flags) => {
      const command = ['tsgi', ...process.argv.slice(2)].join(' ')
      ordered({
        run: ({ benchCommand }) => benchCommand({ ...flags, ...(apps.length > 0 && { apps }), command }, TERMINAL),
      })
    })
  bench
    .command('compare')
    .description('Say what got slower or faster between two results; exit code 1 on a regression.')
    .argument('<before>', 'JSON of a run, or its report')
    .argument('<after>', 'the same of a later one')
    .option('--threshold <share>', 'by which a row may cost more (default: 0.05)', Number)
    .action((before: string, after: string, { threshold }: { threshold?: number }) => {
      ordered({ run: ({ compareCommand }) => compareCommand([before, after], threshold, TERMINAL) })
    })
}

const TERMINAL = {
  out: (text: string) => void process.stdout.write(text),
  error: (text: string) => void process.stderr.write(text),
  live: process.stderr.isTTY === true,
}

/** @throws UsageError where @tsgi/bench is not installed */
export async function benchCommand(order: BenchOrder): Promise<number> {
  return await order.run(await optionalPackage('@tsgi/bench', 'bench', () => import('@tsgi/bench')))
}
