export { checkWorker, type WorkerCheck, type WorkerUnderTest } from './check-worker.ts'
