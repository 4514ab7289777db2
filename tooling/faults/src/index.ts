export { Program, type ProgramEnd, type ProgramOptions } from './program.ts'
export {
  childrenOf,
  cpuTime,
  descriptorsOf,
  factsOf,
  isRunning,
  markedProcesses,
  memoryOf,
  zombiesOf,
} from './processes.ts'
export { until } from './until.ts'
