/** A target or a choice that cannot be run; the message says what to do. */
export class ConformError extends Error {
  override name = 'ConformError'
}
