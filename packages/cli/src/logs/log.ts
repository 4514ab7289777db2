import { inspect, styleText } from 'node:util'
import type { Logger, LogLevel } from '@tsgi/spec/server'
import { pino } from 'pino'
import { printable } from './printable.ts'

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

const COLOURS = { debug: 'gray', info: 'cyan', warn: 'yellow', error: 'red' } as const

export interface LogOptions {
  readonly level: LogLevel
  /** For people: times of the day, colours, stacks over several lines. Else a JSON object a line. */
  readonly pretty: boolean
  readonly write: (lines: string) => void
}

/** The log of a server: what it is about to say, it says through here. */
export function createLog({ level, pretty, write }: LogOptions): Logger {
  if (pretty) {
    const wanted = LEVELS.indexOf(level)
    return (at, message, fields = {}) => {
      if (LEVELS.indexOf(at) >= wanted) write(prettyLine(new Date(), at, message, fields))
    }
  }
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
    },
    { write },
  )
  return (at, message, fields) => logger[at](fields ?? {}, message)
}

function prettyLine(
  time: Date,
  level: LogLevel,
  message: string,
  fields: { readonly [name: string]: unknown },
): string {
  const { error, ...rest } = fields
  const clock = styleText('gray', time.toTimeString().slice(0, 8), { stream: process.stderr })
  const label = styleText(COLOURS[level], level.padEnd(5), { stream: process.stderr })
  const details = Object.entries(rest).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : inspect(value)}`,
  )
  const stack = error === undefined ? '' : `\n${indent(inspect(error))}`
  return `${clock} ${label} ${continued(printable(message + details.join('')))}${printable(stack)}\n`
}

const indent = (text: string) => text.replace(/^/gm, '  ')

/** Further lines of a message are indented: none of them can be taken for a line of the log. */
const continued = (text: string) => text.trimEnd().replaceAll('\n', '\n  ')
