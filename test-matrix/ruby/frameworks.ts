/** The rows of frameworks in Ruby, as far as they are installed. */
import { fileURLToPath } from 'node:url'
import type { FrameworkEntry } from '@tsgi/matrix'
import { rubyWith } from './exercises.ts'

export interface RubyRow {
  readonly name: string
  readonly gem: string
  /** What brings it. */
  readonly debian: string
  readonly file: string
}

export const RUBY_ROWS: readonly RubyRow[] = [
  { name: 'Rack (Ruby)', gem: 'rack', debian: 'ruby-rack', file: 'rack.ts' },
  { name: 'Sinatra', gem: 'sinatra', debian: 'ruby-sinatra', file: 'sinatra.ts' },
]

/** Those that can run here, each as an entry of the matrix. */
export function rubyFrameworks(): FrameworkEntry[] {
  return RUBY_ROWS.flatMap(({ name, gem, file }) => {
    const found = rubyWith(gem)
    const application = fileURLToPath(new URL(file, import.meta.url))
    return found === undefined ? [] : [{ name, application, version: found.version }]
  })
}

/** Those that cannot, and what would bring them. */
export const missingRubyFrameworks = (): readonly RubyRow[] =>
  RUBY_ROWS.filter(({ gem }) => rubyWith(gem) === undefined)
