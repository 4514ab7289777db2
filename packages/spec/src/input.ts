import type { Awaitable } from './awaitable.ts'
import type { HeaderList } from './header-list.ts'

/** Bytes of the receiver's own: nobody writes into them later. */
export type Bytes = Uint8Array<ArrayBuffer>

/**
 * The request body. Reading it to the end is never required: the server deals with what is left (SPEC I.9).
 * One reader at a time; a second `read` before the first has settled throws.
 */
export interface Input extends AsyncIterable<Bytes> {
  /**
   * Up to `size` bytes; without `size`, what is there. Empty means the end, and stays empty. The first read sends
   * `100 Continue` if the client waits for it. The bytes are the caller's to keep.
   *
   * Leaving a `for await` over an input leaves the rest readable.
   *
   * @throws RangeError when `size` is not a positive integer
   * @throws InputError (by rejection) with `status` 400, 408 or 413 when the body was cut short, too slow or too large.
   *   Uncaught, that status is the answer.
   */
  read(size?: number): Awaitable<Bytes>
  /** The request's trailers: `null` until the end was read, and where there were none. */
  readonly trailers: HeaderList | null
}

/** Where diagnostics go: the server's log. Writing never fails and never waits. */
export interface ErrorStream {
  write(text: string): void
  flush(): Awaitable<void>
}

/** What {@link Input.read} rejects with. */
export interface InputError extends Error {
  readonly status: 400 | 408 | 413
}

/** Whether an error says which status the client is to be answered with: what an {@link InputError} does. */
export function isInputError(error: unknown): error is InputError {
  if (!(error instanceof Error) || !('status' in error)) return false
  return error.status === 400 || error.status === 408 || error.status === 413
}
