import { fileURLToPath } from 'node:url'

/** Programs that run in processes or threads of their own. `.ts` where this runs from source, `.js` where it is built. */
export function programFile(name: string): string {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  return fileURLToPath(new URL(name + ending, import.meta.url))
}
