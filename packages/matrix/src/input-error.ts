/** A configuration or a choice that makes no sense; the message says what to do, and can be shown as it is. */
export class InputError extends Error {
  override name = 'InputError'
}
