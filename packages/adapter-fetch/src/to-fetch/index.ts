export type { HostContext } from './fetch-carrier.ts'
export type { Remote } from './fetch-environ.ts'
export { toFetch, type FetchHandler, type ToFetchOptions } from './to-fetch.ts'
