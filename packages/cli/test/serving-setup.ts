import { fileURLToPath } from 'node:url'

export const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))
