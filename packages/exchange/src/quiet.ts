/** A promise whose rejection never becomes an unhandled one: nothing has to wait for it. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
