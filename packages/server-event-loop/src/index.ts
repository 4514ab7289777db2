export { serve, serverModule, serverModule as default } from './serve.ts'
