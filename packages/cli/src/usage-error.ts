/** A command line, a variable or a config file that makes no sense: exit code 2. The message can be shown as it is. */
export class UsageError extends Error {
  readonly code = 'TSGI_ERR_USAGE' as const
  constructor(lines: readonly string[], cause?: unknown) {
    super(lines.join('\n'), cause === undefined ? undefined : { cause })
    this.name = 'UsageError'
  }
}
