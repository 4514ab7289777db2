export { defineFetchServer, type FetchHost } from './define-fetch-server.ts'
export type { HostSettings, ListeningHost } from '@tsgi/exchange/host'
