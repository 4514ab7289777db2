export type BridgeErrorCode =
  /** An option has a value that makes no sense. */
  | 'TSGI_ERR_BRIDGE_OPTION'
  /** The interpreter is missing, or does not run. */
  | 'TSGI_ERR_BRIDGE_INTERPRETER'
  /** The application cannot be loaded by the worker. */
  | 'TSGI_ERR_BRIDGE_APP'
  /** The application raised an error while it answered a request. */
  | 'TSGI_ERR_BRIDGE_RAISED'
  /** The worker ended, or was killed, while it answered a request. */
  | 'TSGI_ERR_BRIDGE_WORKER'

/** An error of the other language, or of the process that runs it. The message can be shown as it is. */
export class BridgeError extends Error {
  readonly code: BridgeErrorCode
  constructor(code: BridgeErrorCode, message: string) {
    super(message)
    this.name = 'BridgeError'
    this.code = code
    // Our own frames would say nothing about the application.
    if (code !== 'TSGI_ERR_BRIDGE_OPTION') this.stack = `${this.name}: ${message}`
  }
}

/**
 * An error whose stack is the other language's.
 *
 * @param line which line of the traceback says what the error is
 */
export function raised(traceback: string, line: 'first' | 'last' = 'last'): BridgeError {
  const text = traceback.trimEnd()
  const lines = text.split('\n')
  const error = new BridgeError('TSGI_ERR_BRIDGE_RAISED', lines.at(line === 'first' ? 0 : -1) ?? '')
  error.stack = text
  return error
}
