/** Tells the process that watches which files this one loads. */
import { appendFileSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Appends the absolute path of each file that is loaded from now on to `file`, as a JSON text a line. A path that somebody has
 * reported before is left out, since a server may well start a process for every connection.
 */
export function reportLoads(file: string): void {
  const reported = new Set<string>(known(file))
  registerHooks({
    // Not `load`: what tsx makes of a CommonJS module is loaded past it.
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      const { url } = resolved
      if (url.startsWith('file:') && !url.includes('/node_modules/')) {
        const line = JSON.stringify(fileURLToPath(url))
        if (!reported.has(line)) {
          reported.add(line)
          report(file, line)
        }
      }
      return resolved
    },
  })
}

function known(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

/** At once, since what is being loaded may be the end of this process. */
function report(file: string, line: string): void {
  try {
    appendFileSync(file, `${line}\n`)
  } catch {
    // The one who watched has gone, or this process runs as somebody else: then nobody is told.
  }
}
