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
    const match = /^\s+at (?:.*\()?(file:\/\/.+|\/.+|[A-Za-z]:\\.+?):(\d+):(\d+)\)?$/.exec(line)
    if (match === null || /[\\/]node_modules[\\/]/.test(line)) continue
    return `${formatModule(match[1] as string, cwd)}:${match[2]}:${match[3]}`
  }
  return undefined
}
