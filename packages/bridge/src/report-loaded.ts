import { pathToFileURL } from 'node:url'

const reported = new Set<string>()

/**
 * Makes known which files an application of another language was loaded from, to those who watch what Node loads: a resolve
 * hook (`module.registerHooks`) sees each of them once.
 */
export function reportLoaded(files: readonly string[]): void {
  for (const file of files) {
    if (reported.has(file)) continue
    reported.add(file)
    try {
      import.meta.resolve(pathToFileURL(file).href)
    } catch {
      // A hook that knows nothing of such files may refuse them; then nobody watches.
    }
  }
}
