/** Where a server's log and its access log go: standard error and standard output, whatever becomes of those. */
import { isatty } from 'node:tty'
import type { AccessRecord, Logger } from '@tsgi/spec/server'
import type { Settings } from '../settings/settings.ts'
import { UsageError } from '../usage-error.ts'
import { ACCESS_FORMATS, type AccessFormat } from './access-log.ts'
import { KNOWN_FIELDS, parseAccessFormat } from './access-format.ts'
import { lineSink } from './line-sink.ts'
import { createLog } from './log.ts'
import { openLogFile } from './log-file.ts'

export interface Outputs {
  readonly log: Logger
  /** Whether people read it: standard error is a terminal. */
  readonly pretty: boolean
  readonly access: ((record: AccessRecord) => void) | undefined
  /** Text for people, such as the banner, in order with the log. */
  print(text: string): void
  /** Opens the file of the access log again, which may have been moved away. Returns whether there is one. */
  reopen(): boolean
  /** Writes what is waiting, and says how many lines were lost. */
  finish(): void
}

/** How long lines wait for company, in milliseconds; on a terminal somebody is watching. */
const DELAY = 200
const TERMINAL_DELAY = 10

/** @throws UsageError where the access log cannot be opened, or its format is not understood */
export function openOutputs(settings: Settings): Outputs {
  const { logLevel, accessLogFile, slowRequest } = settings
  const format = accessFormat(settings.accessLogFormat)
  const fd = accessLogFile === undefined ? 1 : openAccessLog(accessLogFile)
  const pretty = isatty(2)
  const errors = lineSink(2, {
    delay: pretty ? TERMINAL_DELAY : DELAY,
    onRecovered: (lines) => log('warn', `${lines} lines of this log were lost`),
  })
  const log = createLog({ level: logLevel, pretty, write: (lines) => errors.write(lines) })
  const lines = lineSink(fd, {
    delay: isatty(fd) ? TERMINAL_DELAY : DELAY,
    onLost: (reason) => log('error', `the access log cannot be written (${reason}); its lines are dropped`),
    onRecovered: (count) => log('warn', `the access log is written again; ${count} lines were dropped`),
  })
  const accessLog = settings.accessLog || accessLogFile !== undefined
  const record = (one: AccessRecord): void => {
    if (accessLog) lines.write(format(one))
    if (slowRequest !== 0 && one.duration >= slowRequest) saySlow(log, one)
  }
  let finished = false

  return {
    log,
    pretty,
    access: accessLog || slowRequest !== 0 ? record : undefined,
    print: (text) => errors.write(text),
    reopen() {
      if (accessLogFile === undefined) return false
      try {
        lines.replace(openLogFile(accessLogFile))
        log('info', `the access log ${accessLogFile} was opened again`)
      } catch (error) {
        log('error', `the access log ${accessLogFile} cannot be opened again; lines go to the file that was open`, {
          error,
        })
      }
      return true
    },
    finish() {
      if (finished) return
      finished = true
      lines.flushSync()
      if (lines.dropped > 0) log('warn', `${lines.dropped} lines of the access log were dropped`)
      errors.flushSync()
    },
  }
}

function accessFormat(text: string): AccessFormat {
  if (text === 'combined' || text === 'json') return ACCESS_FORMATS[text]
  const format = parseAccessFormat(text)
  if (typeof format === 'function') return format
  throw new UsageError([
    `--access-log-format ${text}: expected combined, json, or a line with fields of gunicorn or nginx; ${format.problem}.`,
    `Known: ${KNOWN_FIELDS}`,
  ])
}

function openAccessLog(file: string): number {
  try {
    return openLogFile(file)
  } catch (error) {
    throw new UsageError([`--access-log-file ${file}: cannot be opened: ${(error as Error).message}`], error)
  }
}

function saySlow(log: Logger, { method, target, duration, status, complete }: AccessRecord): void {
  const path = target.split('?', 1)[0]
  log('warn', `slow request: ${method} ${path} took ${(duration / 1000).toFixed(2)} s`, { status, complete })
}
