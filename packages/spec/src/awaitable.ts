/** A value now or a promise of it. What is given now costs no promise: see {@link isPromise}. */
export type Awaitable<T> = T | PromiseLike<T>

/**
 * Whether a value must be awaited. Test with this instead of awaiting always, so that what is synchronous stays so.
 *
 * @example
 * const body = application(environ, startResponse)
 * return isPromise(body) ? body.then(finish) : finish(body)
 */
export function isPromise<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}
