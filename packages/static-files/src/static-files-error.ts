/** Why files cannot be served from a folder: found out at once, not by the first request. */
export class StaticFilesError extends Error {
  readonly code = 'TSGI_ERR_STATIC_ROOT'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StaticFilesError'
  }
}
