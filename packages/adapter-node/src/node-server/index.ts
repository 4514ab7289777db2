export { defineNodeServer, listenOn, type NodeHost } from './define-node-server.ts'
export type { HostSettings, ListeningHost } from '@tsgi/exchange/host'
