import { formatModule } from './reference.ts'

/**
 * Where in the application's own code an error arose: the first stack frame that is neither Node's nor under node_modules,
 * as `file:line:column`.
 *
 * @example appFrame(error) // 'site/app.ts:12:9'
 */
export function appFrame(error: unknown, cwd: string = process.cwd()): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined
  for (const line of error.stack.split('\n')) {
    const [, call = '', row, column] = /^\s+at (.+):(\d+):(\d+)\)?$/.exec(line) ?? []
    const parenthesis = call.indexOf(' (')
    const place = parenthesis === -1 ? call : call.slice(parenthesis + 2)
    if (!/^(?:file:\/\/|\/|[A-Za-z]:\\)/.test(place) || /[\\/]node_modules[\\/]/.test(line)) continue
    return `${formatModule(place, cwd)}:${row}:${column}`
  }
  return undefined
}
