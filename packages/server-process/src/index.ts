export { type ProcessServerOptions, serve, serverModule, serverModule as default } from './serve.ts'
