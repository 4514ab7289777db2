export type FormErrorCode = 'TSGI_ERR_FORM_MALFORMED' | 'TSGI_ERR_FORM_TOO_LARGE' | 'TSGI_ERR_FORM_UNSUPPORTED'

/**
 * Why a request body was not read. `status` is the fitting answer; 400 and 413 are also what a server makes of it
 * uncaught.
 */
export class FormError extends Error {
  readonly status: 400 | 413 | 415
  readonly code: FormErrorCode
  constructor(status: 400 | 413 | 415, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'FormError'
    this.status = status
    this.code = CODES[status]
  }
}

const CODES = {
  400: 'TSGI_ERR_FORM_MALFORMED',
  413: 'TSGI_ERR_FORM_TOO_LARGE',
  415: 'TSGI_ERR_FORM_UNSUPPORTED',
} as const
