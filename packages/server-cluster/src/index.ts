export { type ClusterOptions, serve, serverModule, serverModule as default } from './serve.ts'
