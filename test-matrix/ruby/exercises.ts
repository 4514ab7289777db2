/** The exercise applications in Ruby, each a `.ru` file beside this one. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { rack } from '@tsgi/bridge'
import type { Observe } from '@tsgi/matrix'
import type { Application } from '@tsgi/spec'
import { observing } from '../observing.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** The system's Ruby before another one: Debian's packages are what these rows want. */
const PROGRAMS = [process.env['TSGI_RUBY'], '/usr/bin/ruby', 'ruby']

interface Found {
  readonly program: string
  /** Of the gem. */
  readonly version: string
}

const ASK = 'RUBY_VERSION >= "3.1" or exit 1; puts Gem::Specification.find_by_name(ARGV[0]).version'

const known = new Map<string, Found | undefined>()

/** A Ruby that has a gem, which is not loaded for that; `undefined` where there is none. */
export function rubyWith(gem: string): Found | undefined {
  if (!known.has(gem)) known.set(gem, find(gem))
  return known.get(gem)
}

function find(gem: string): Found | undefined {
  for (const program of PROGRAMS) {
    if (program === undefined) continue
    const { status, stdout } = spawnSync(program, ['-e', ASK, gem], { encoding: 'utf8' })
    if (status === 0) return { program, version: stdout.trim() }
  }
  return undefined
}

/** Makes an application of one in Ruby, which reports in its log that a client has left. */
export const exercises =
  (app: string, gem: string): ((observe: Observe) => Application) =>
  (observe) =>
    observing(rack(app, { cwd: HERE, threads: 4, ruby: rubyWith(gem)?.program }), observe)
