import type { Environment } from '../environment.ts'
import { writeValue, type OptionValue } from './option-values.ts'
import { hasOption, OPTION_ROWS } from './options.ts'

/** Each setting, its value as it would be written, and where it came from. */
export function printConfig({ command, app, settings, origins }: Environment): string {
  const rows: [name: string, value: string, origin: string][] = [['app', app?.text ?? '', app?.origin ?? '']]
  for (const [name, spec] of OPTION_ROWS) {
    if (!hasOption(command, spec) || spec.flagOnly === true) continue
    const value: unknown = settings[name]
    const values = (Array.isArray(value) ? value : value === undefined ? [] : [value]) as OptionValue[]
    rows.push([name, values.map((one) => writeValue(spec, one)).join(', '), origins[name] ?? ''])
  }
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length))
  const [first, second] = [width(0), Math.min(width(1), 40)]
  return rows
    .map(([name, value, origin]) => `${name.padEnd(first)}  ${value.padEnd(second)}  ${origin}`.trimEnd() + '\n')
    .join('')
}
