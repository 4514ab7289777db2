/**
 * The errors that `node:http` throws at a listener, by the codes that programs test for. Node does not export its own.
 */
export type NodeErrorCode =
  | 'ECONNRESET'
  | 'ERR_HTTP_CONTENT_LENGTH_MISMATCH'
  | 'ERR_HTTP_HEADERS_SENT'
  | 'ERR_HTTP_INVALID_STATUS_CODE'
  | 'ERR_HTTP_TRAILER_INVALID'
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_INVALID_ARG_VALUE'
  | 'ERR_METHOD_NOT_IMPLEMENTED'
  | 'ERR_STREAM_ALREADY_FINISHED'
  | 'ERR_STREAM_DESTROYED'
  | 'ERR_STREAM_NULL_VALUES'
  | 'ERR_STREAM_WRITE_AFTER_END'

export interface NodeError extends Error {
  readonly code: NodeErrorCode
}

export function nodeError(
  code: NodeErrorCode,
  message: string,
  Kind: ErrorConstructor | TypeErrorConstructor | RangeErrorConstructor = Error,
): NodeError {
  return Object.assign(new Kind(message), { code })
}

export const headersSent = (attempt: string): NodeError =>
  nodeError('ERR_HTTP_HEADERS_SENT', `Cannot ${attempt} headers after they are sent to the client`)

export const writeAfterEnd = (): NodeError => nodeError('ERR_STREAM_WRITE_AFTER_END', 'write after end')

export const streamDestroyed = (method: string): NodeError =>
  nodeError('ERR_STREAM_DESTROYED', `Cannot call ${method} after a stream was destroyed`)

/** What requests and unfinished writes are told when the client has left. */
export const connectionReset = (): NodeError => nodeError('ECONNRESET', 'aborted')
