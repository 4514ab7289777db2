import { inspect } from 'node:util'
import { appFrame, LoadError } from '@tsgi/loader'
import { ServeError, type ServeErrorCode } from '@tsgi/spec/server'
import { EXIT, type ExitCode } from './exit-code.ts'
import { printable } from './logs/printable.ts'
import { NotDone } from './not-done.ts'
import { UsageError } from './usage-error.ts'

/** What stopped the command: what to show, and what to exit with. */
export interface Failure {
  readonly exitCode: ExitCode
  /** One screen; `details` holds stacks, for those who ask. */
  readonly message: string
  readonly details: string
}

const BY_CODE: Readonly<Record<ServeErrorCode, ExitCode>> = {
  TSGI_ERR_APP_LOAD: EXIT.application,
  TSGI_ERR_STARTUP: EXIT.application,
  TSGI_ERR_BIND: EXIT.address,
  TSGI_ERR_OPTION: EXIT.usage,
  TSGI_ERR_NEEDS_REFERENCE: EXIT.internal,
}

export function failureOf(error: unknown): Failure {
  const details = inspect(error)
  if (error instanceof UsageError) return { exitCode: EXIT.usage, message: error.message, details }
  if (error instanceof NotDone) return { exitCode: EXIT.notDone, message: error.message, details }
  if (error instanceof LoadError) return { exitCode: EXIT.application, message: error.message, details }
  if (isOfBridge(error)) return { exitCode: EXIT.application, message: error.message, details }
  if (error instanceof ServeError) {
    // It says by itself what could not be started, and its stack is the other language's.
    if (isOfBridge(error.cause)) return { exitCode: BY_CODE[error.code], message: error.cause.message, details }
    // Of what could not be loaded, the message says where.
    const frame = error.code === 'TSGI_ERR_STARTUP' ? appFrame(error.cause) : undefined
    const message = frame === undefined ? error.message : `${error.message}\nat ${frame}`
    return { exitCode: BY_CODE[error.code], message, details }
  }
  return {
    exitCode: EXIT.internal,
    message: `An error of the command itself; please report it with the lines below.\n\n${details}`,
    details: '',
  }
}

/** Whether an error is of @tsgi/bridge, which is not imported for that. */
const isOfBridge = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('TSGI_ERR_BRIDGE_')

/** A failure as it is printed. */
export function formatFailure({ message, details }: Failure, debug: boolean): string {
  const lines = printable(`tsgi: ${message}`)
    .split('\n')
    .map((line, i) => (i === 0 || line === '' ? line : `  ${line}`))
  return `${lines.join('\n')}\n${debug && details !== '' ? `\n${printable(details)}\n` : ''}`
}
