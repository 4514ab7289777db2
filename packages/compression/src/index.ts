export { compress } from './compress.ts'
export type { Coding, CompressionOptions } from './options.ts'
