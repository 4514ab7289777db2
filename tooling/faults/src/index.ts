export { Client, type Response, targetOf } from './client.ts'
export { load, type Load, type LoadResult } from './load.ts'
export {
  childrenOf,
  connectionsTo,
  cpuTime,
  descriptorsOf,
  factsOf,
  isRunning,
  markedProcesses,
  memoryOf,
  zombiesOf,
} from './processes.ts'
export { Program, type ProgramEnd, type ProgramOptions } from './program.ts'
export { until } from './until.ts'
