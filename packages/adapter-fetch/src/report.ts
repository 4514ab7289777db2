import { inspect } from 'node:util'
import type { ErrorStream } from '@tsgi/spec'

/** Writes what went wrong where nobody is left to throw it to, with the stack, which names the line. */
export function report(errors: ErrorStream, what: string, error: unknown): void {
  errors.write(`${what}: ${error instanceof Error ? (error.stack ?? String(error)) : inspect(error)}\n`)
}
