/** What was asked for is understood, but did not come to pass: exit code 1. The message can be shown as it is. */
export class NotDone extends Error {
  readonly code = 'TSGI_ERR_NOT_DONE' as const
  constructor(lines: readonly string[], cause?: unknown) {
    super(lines.join('\n'), cause === undefined ? undefined : { cause })
    this.name = 'NotDone'
  }
}
