/** Templates of the applications that render by file; the same place from source and when built. */
import { fileURLToPath } from 'node:url'

export const TEMPLATES: string = fileURLToPath(new URL('../../assets/templates/', import.meta.url))
