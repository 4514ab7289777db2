export type { Bindings, ClientSocket, Incoming, Outgoing } from './from-fetch/bindings.ts'
export type { ExecutionContext } from './from-fetch/execution-context.ts'
export { installFastGlobals, uninstallFastGlobals } from './from-fetch/fast-globals.ts'
export { FetchAppError } from './from-fetch/fetch-app-error.ts'
export {
  fromFetch,
  type FetchApp,
  type FetchFunction,
  type FetchObject,
  type FromFetchOptions,
} from './from-fetch/from-fetch.ts'
export type { Remote } from './to-fetch/fetch-environ.ts'
export { toFetch, type FetchHandler, type HostContext, type ToFetchOptions } from './to-fetch/to-fetch.ts'
