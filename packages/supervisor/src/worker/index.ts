export { TURN_AWAY } from '../fleet/plan.ts'
export { loadApplication, startApplication } from './load-application.ts'
export { runWorker, type WorkerOrigin } from './run-worker.ts'
export type { WorkerHost, WorkerProgram, WorkerService } from './service.ts'
