import { misreadHint } from '@tsgi/loader'
import type { Found } from '@tsgi/loader/entry'
import type { Logger } from '@tsgi/spec/server'

/** A log that says once, after an error that looks like it, that the application was taken for what it is not. */
export function hintingLog(log: Logger, found: Found | null | undefined): Logger {
  if (!found?.guessed) return log
  let hinted = false
  return (level, message, fields) => {
    log(level, message, fields)
    const hint = hinted ? undefined : misreadHint(fields?.['error'], found)
    if (hint === undefined) return
    hinted = true
    log('warn', hint)
  }
}
