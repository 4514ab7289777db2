/** The applications as a module, for servers that load them in processes of their own. */
import { fromNodeListener } from '@tsgi/adapter-node/from-node'
import type { Application } from '@tsgi/spec'
import { FRAMEWORKS, type FrameworkName } from './frameworks.ts'

export interface WorkerConfig {
  readonly framework: FrameworkName
}

export default function workerApp({ framework }: WorkerConfig): Application {
  // Express and Koa print the errors of their applications.
  console.error = () => {}
  return fromNodeListener(FRAMEWORKS[framework].make())
}
