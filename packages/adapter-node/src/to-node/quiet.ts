/** A promise whose rejection nobody has to wait for: it never becomes an unhandled one. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
