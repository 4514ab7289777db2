/** Stable names of what can go wrong before an application exists. */
export type LoadErrorCode =
  /** The file or package is not there, or cannot be read. */
  | 'TSGI_ERR_APP_NOT_FOUND'
  /** It holds what this Node does not read: a syntax error, `.tsx`, an enum, an import that leads nowhere. */
  | 'TSGI_ERR_APP_UNREADABLE'
  /** It threw while loading, or its factory did. */
  | 'TSGI_ERR_APP_THREW'
  /** It has no export of that name, or none that could be an application. */
  | 'TSGI_ERR_APP_NO_EXPORT'
  /** The export is nothing that a server could run. */
  | 'TSGI_ERR_APP_UNKNOWN_KIND'

/**
 * Why there is no application. The message fits on a screen and can be shown as it is: the first line says what is wrong,
 * the rest what was found and what to do. `cause` holds the error of the application's own code, where there is one.
 */
export class LoadError extends Error {
  readonly code: LoadErrorCode
  constructor(code: LoadErrorCode, lines: readonly string[], cause?: unknown) {
    super(lines.join('\n'), cause === undefined ? undefined : { cause })
    this.name = 'LoadError'
    this.code = code
  }
}
