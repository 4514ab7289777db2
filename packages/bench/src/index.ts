export { InputError } from './input-error.ts'
export { terminalReport } from './report/terminal.ts'
export {
  FORMAT,
  type BenchEnvironment,
  type BenchResult,
  type BenchSettings,
  type Latency,
  type Round,
  type Row,
} from './result.ts'
export type { BenchOptions } from './running/plan.ts'
export { runBench, type BenchOutput } from './running/run-bench.ts'
