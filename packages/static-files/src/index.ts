export { mountStatic } from './mount-static.ts'
export { type Coding, type MemoryOptions, type StaticOptions } from './settings.ts'
export { staticFiles } from './static-files.ts'
export { StaticFilesError } from './static-files-error.ts'
