/** Where a server's log and its access log go: standard error and standard output, whatever becomes of those. */
import { isatty } from 'node:tty'
import type { AccessRecord, Logger } from '@tsgi/spec/server'
import type { Settings } from '../settings/settings.ts'
import { ACCESS_FORMATS } from './access-log.ts'
import { lineSink } from './line-sink.ts'
import { createLog } from './log.ts'

export interface Outputs {
  readonly log: Logger
  /** Whether people read it: standard error is a terminal. */
  readonly pretty: boolean
  readonly access: ((record: AccessRecord) => void) | undefined
  /** Text for people, such as the banner, in order with the log. */
  print(text: string): void
  /** Writes what is waiting, and says how many lines were lost. */
  finish(): void
}

/** How long lines wait for company, in milliseconds; on a terminal somebody is watching. */
const DELAY = 200
const TERMINAL_DELAY = 10

export function openOutputs({ logLevel, accessLog, accessLogFormat }: Settings): Outputs {
  const pretty = isatty(2)
  const errors = lineSink(2, {
    delay: pretty ? TERMINAL_DELAY : DELAY,
    onRecovered: (lines) => log('warn', `${lines} lines of this log were lost`),
  })
  const log = createLog({ level: logLevel, pretty, write: (lines) => errors.write(lines) })
  const lines = lineSink(1, {
    delay: isatty(1) ? TERMINAL_DELAY : DELAY,
    onLost: (reason) => log('error', `the access log cannot be written (${reason}); its lines are dropped`),
    onRecovered: (count) => log('warn', `the access log is written again; ${count} lines were dropped`),
  })
  const format = ACCESS_FORMATS[accessLogFormat]
  let finished = false

  return {
    log,
    pretty,
    access: accessLog ? (record) => lines.write(format(record)) : undefined,
    print: (text) => errors.write(text),
    finish() {
      if (finished) return
      finished = true
      lines.flushSync()
      if (lines.dropped > 0) log('warn', `${lines.dropped} lines of the access log were dropped`)
      errors.flushSync()
    },
  }
}
