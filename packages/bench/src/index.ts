export {
  compareReports,
  type CompareOptions,
  type Difference,
  type ReportComparison,
} from './compare/compare-reports.ts'
export { InputError } from './input-error.ts'
export { readResult } from './read-result.ts'
export { htmlReport } from './report/html.ts'
export { terminalReport } from './report/terminal.ts'
export {
  type BenchEnvironment,
  type BenchResult,
  type BenchSettings,
  type Latency,
  type Round,
  type Row,
} from './result.ts'
export type { BenchOptions } from './running/plan.ts'
export { runBench, type BenchOutput } from './running/run-bench.ts'
export { benchCommand, compareCommand, type BenchFlags, type BenchTerminal } from './command/bench-command.ts'
