/** What a worker's process runs: the worker in one file, as the build makes it. The cache must be on before that is loaded. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import(new URL('worker.bundle.js', import.meta.url).href)
