/** What a worker needs of this package, and nothing more: it is loaded for every process that is started. */
export { bindError } from './bind-error.ts'
export { startListening } from './start-listening.ts'
