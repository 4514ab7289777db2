/** Why a signal aborts when the client left (SPEC U.7): the host's own reason where it has the name that code looks for. */
export const departureOf = (reason: unknown): Error =>
  reason instanceof Error && reason.name === 'AbortError'
    ? reason
    : new DOMException('the client left before the response was complete', { name: 'AbortError', cause: reason })

/** F.7: whether an application failed with `error` because its signal aborted for `reason`. */
export const isBecauseOf = (error: unknown, reason: unknown): boolean =>
  error === reason || (error instanceof Error && error.cause === reason)
