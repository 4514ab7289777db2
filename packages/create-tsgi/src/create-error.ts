/** A project that cannot be made as asked. The message can be shown as it is. */
export class CreateError extends Error {
  /** `TSGI_ERR_USAGE`: the command line makes no sense. `TSGI_ERR_FOLDER`: the folder cannot be used. */
  readonly code: 'TSGI_ERR_USAGE' | 'TSGI_ERR_FOLDER'
  constructor(code: CreateError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'CreateError'
    this.code = code
  }
}
