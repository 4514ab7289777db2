/** What a worker's process runs. The cache must be on before the rest is loaded. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./worker.ts')
