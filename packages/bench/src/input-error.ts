/** What a user asked for cannot be done as asked. The message says what was expected, what came and what to do. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly code = 'TSGI_ERR_BENCH_INPUT'
}
