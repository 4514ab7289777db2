/** What can go wrong with an exchange besides what an application throws: one class and one stable code for each kind. */

/** What each code means and what to do about it. The documentation of the codes is made from this. */
export const EXCHANGE_ERRORS = {
  TSGI_ERR_RESPONSE: {
    meaning: 'The application broke a rule of the interface: the status, the order of calls, the body or its length.',
    remedy: 'The message names the rule. `tsgi check` finds the place in the application.',
  },
  TSGI_ERR_FIELD: {
    meaning: 'A header or trailer list has a wrong form, or a field that only the server may send.',
    remedy: 'The stack ends in the call of `startResponse` that passed the list. Nothing of the list was sent.',
  },
  TSGI_ERR_BODY: {
    meaning: 'The request body was cut short (400), too slow (408) or too large (413).',
    remedy:
      'Let the error pass: its `status` is then the answer. Raise the limit or the timeout where clients need more.',
  },
  TSGI_ERR_CLIENT_GONE: {
    meaning: 'The client left, or the server gave it up, before the response was complete.',
    remedy: 'Stop working for it. It is not a fault of the application.',
  },
  TSGI_ERR_DRAINING: {
    meaning: 'The server is stopping, or this process is being replaced: the reason of `server.draining`.',
    remedy: 'End the response early, so that its client connects again. At the graceful limit it is cut off.',
  },
} as const

export type ExchangeErrorCode = keyof typeof EXCHANGE_ERRORS

/** The application broke a rule of the interface. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError'
  readonly code: ExchangeErrorCode = 'TSGI_ERR_RESPONSE'
}

/** The application ended its response before it was complete: what one does, too, that stops because its client left (F.7). */
export class UnfinishedError extends ResponseError {}

/** A list of fields was refused (SPEC S.6). Nothing of it was sent. */
export class FieldError extends TypeError {
  override readonly name = 'FieldError'
  readonly code: ExchangeErrorCode = 'TSGI_ERR_FIELD'
}

/** Why a request body cannot be read to its end (SPEC I.5). Uncaught, `status` is what the client is answered. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly code: ExchangeErrorCode = 'TSGI_ERR_BODY'
  readonly status: 400 | 408 | 413
  constructor(status: 400 | 408 | 413, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
  }
}

/**
 * The client left, or was given up, before the response was complete. As the reason of a signal it has the name by which code
 * written for `fetch` recognizes a departure (U.7).
 */
export class ClientGoneError extends Error {
  override readonly name = 'AbortError'
  readonly code: ExchangeErrorCode = 'TSGI_ERR_CLIENT_GONE'
}

/** The reason of `draining` (U.8). */
export class DrainingError extends Error {
  override readonly name = 'AbortError'
  readonly code: ExchangeErrorCode = 'TSGI_ERR_DRAINING'
}
