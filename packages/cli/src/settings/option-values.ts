/** How the value of an option is read and written, by its type. */
import { formatTarget, parseTarget, TARGET_FORMS } from '@tsgi/listeners'
import type { ListenTarget } from '@tsgi/spec/server'
import type { OptionSpec, OptionType } from './options.ts'
import { formatDuration, formatSize, parseDuration, parseSize } from './units.ts'

/** A folder of files: at the root, behind them the application; or owning a prefix. */
export interface Mount {
  /** `''` or `/prefix`, without a trailing slash. */
  readonly prefix: string
  readonly folder: string
}

export interface ValueByType {
  text: string
  switch: boolean
  choice: string
  count: number
  duration: number
  size: number
  port: number
  listen: ListenTarget
  mount: Mount
  address: string
  workers: number | 'auto'
  mode: number
  path: string
}

export type OptionValue = ValueByType[OptionType]

interface Reading<Value> {
  /** For "expected …". */
  readonly expected: string
  read(text: string): Value | undefined
  write(value: Value): string
}

const integer = (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)

const READINGS: { readonly [Type in OptionType]: Reading<ValueByType[Type]> } = {
  text: { expected: 'a text', read: (text) => (/^[^\p{Cc}]+$/u.test(text) ? text : undefined), write: String },
  choice: { expected: '', read: (text) => text, write: String },
  address: { expected: 'an address', read: (text) => text || undefined, write: String },
  switch: {
    expected: 'true or false',
    read: (text) => (/^(1|true|yes|on)$/i.test(text) ? true : /^(0|false|no|off)$/i.test(text) ? false : undefined),
    write: String,
  },
  count: { expected: 'a whole number', read: integer, write: String },
  duration: { expected: 'a time with its unit, such as 500ms, 30s or 5m', read: parseDuration, write: formatDuration },
  size: { expected: 'a size, such as 4096, 16KiB or 128MiB', read: parseSize, write: formatSize },
  port: {
    expected: 'a port from 0 to 65535',
    read: (text) => (Number(text) <= 65_535 ? integer(text) : undefined),
    write: String,
  },
  listen: { expected: TARGET_FORMS, read: parseTarget, write: formatTarget },
  mount: {
    expected: 'a folder, or /prefix=folder',
    read: parseMount,
    write: ({ prefix, folder }) => (prefix === '' ? folder : `${prefix}=${folder}`),
  },
  workers: {
    expected: 'a whole number from 1 on, or auto',
    read: (text) => (text === 'auto' ? text : integer(text) || undefined),
    write: String,
  },
  path: {
    expected: 'a path of a URL, such as /healthz',
    read: (text) => (/^\/[!-~]*$/.test(text) && !/[?#%]/.test(text) ? text : undefined),
    write: String,
  },
  mode: {
    expected: 'permissions in octal, such as 660',
    read: (text) => (/^0?[0-7]{3}$/.test(text) ? Number.parseInt(text, 8) : undefined),
    write: (value) => value.toString(8).padStart(3, '0'),
  },
}

/** The value that a text stands for, or what was expected instead. */
export function readValue(spec: OptionSpec, text: string): { value: OptionValue } | { expected: string } {
  if (spec.type === 'choice') {
    const { choices = [] } = spec
    return choices.includes(text) ? { value: text } : { expected: choices.join(', ').replace(/, ([^,]*)$/, ' or $1') }
  }
  const reading: Reading<OptionValue> = READINGS[spec.type] as Reading<never> as Reading<OptionValue>
  const value = reading.read(text)
  if (value === undefined) return { expected: reading.expected }
  const { least } = spec
  if (least !== undefined && typeof value === 'number' && value < least)
    return { expected: `${reading.expected}, from ${reading.write(least)} on` }
  return { value }
}

/** A value as it would be written. */
export function writeValue(spec: OptionSpec, value: OptionValue): string {
  return (READINGS[spec.type] as Reading<never> as Reading<OptionValue>).write(value)
}

function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}

function parseMount(text: string): Mount | undefined {
  const [, prefix, folder] = /^(\/[^=]*)=(.+)$/.exec(text) ?? []
  if (prefix !== undefined) return { prefix: withoutEndSlashes(prefix), folder: folder as string }
  return text === '' ? undefined : { prefix: '', folder: text }
}
