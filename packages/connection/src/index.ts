export { HttpServer, type DrainOptions } from './http-server.ts'
export { DEFAULT_LIMITS, DEFAULT_TIMEOUTS, logToStandardError, type ProcessFacts } from './settings.ts'
export { ACCEPT_OPTIONS, AcceptedSocket, setSharedReads, type Accepted } from './socket-transport.ts'
