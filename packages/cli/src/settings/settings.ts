import { isAbstract } from '@tsgi/listeners'
/**
 * Which value holds: flag, `TSGI_…` variable, PORT and HOST, config file, default, in this order.
 */
import type { ListenTarget } from '@tsgi/spec/server'
import { UsageError } from '../usage-error.ts'
import { readValue, type OptionValue, type ValueByType } from './option-values.ts'
import {
  defaultOf,
  flagName,
  hasOption,
  OPTION_ROWS,
  OPTIONS,
  variableName,
  type CommandName,
  type OptionName,
  type OptionSpec,
} from './options.ts'

/** The value of each option, by its name. Options without a default may be absent. */
export type Settings = {
  readonly [Name in OptionName]: (typeof OPTIONS)[Name] extends { readonly many: string }
    ? readonly Value<Name>[]
    : (typeof OPTIONS)[Name] extends { readonly default: unknown }
      ? Value<Name>
      : Value<Name> | undefined
}

type Value<Name extends OptionName> = (typeof OPTIONS)[Name] extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : ValueByType[(typeof OPTIONS)[Name]['type']]

/** Flags as the command line has them: texts, lists of texts, or `true` and `false` for switches. */
export type Flags = { readonly [Name in OptionName]?: string | readonly string[] | boolean }

/** What a config file holds, before it is checked. */
export interface ConfigFile {
  /** As people know it. */
  readonly name: string
  readonly values: { readonly [key: string]: unknown }
}

export interface Sources {
  readonly command: CommandName
  readonly flags: Flags
  readonly env: NodeJS.ProcessEnv
  readonly config?: ConfigFile | undefined
}

/** Where a value came from: `--port`, `TSGI_PORT`, `PORT`, `tsgi.config.ts`, `default`. */
export type Origins = { readonly [Name in OptionName]?: string }

export interface Resolved {
  readonly settings: Settings
  readonly origins: Origins
}

/** A value on its way: where it stands, where it came from, as which rank. */
interface Raw {
  readonly value: unknown
  readonly origin: string
  /** For messages: `--port 99999`. */
  readonly written: string
  readonly rank: number
}

const RANK = { flag: 4, variable: 3, platform: 2, file: 1, default: 0 } as const

/** What is resolved so far. */
interface Progress {
  readonly command: CommandName
  readonly values: Partial<Record<OptionName, OptionValue | readonly OptionValue[]>>
  readonly origins: Partial<Record<OptionName, string>>
  readonly ranks: Partial<Record<OptionName, number>>
}

/** Options on which others depend come before them. */
const IN_ORDER: readonly OptionName[] = ['server', 'port', 'host', 'bind']
const ROWS: typeof OPTION_ROWS = [
  ...OPTION_ROWS.filter(([name]) => IN_ORDER.includes(name)).toSorted(
    ([a], [b]) => IN_ORDER.indexOf(a) - IN_ORDER.indexOf(b),
  ),
  ...OPTION_ROWS.filter(([name]) => !IN_ORDER.includes(name)),
]

/**
 * Each option once, from its strongest source; a default may depend on what was resolved before it.
 *
 * @throws UsageError naming what was given, where, and what was expected
 */
export function resolveSettings(sources: Sources): Resolved {
  const progress: Progress = { command: sources.command, values: {}, origins: {}, ranks: {} }
  for (const [name, spec] of ROWS) {
    const raw = findRaw(name, spec, sources) ?? presetOf(name, spec, progress)
    if (raw === undefined || !counts(name, raw, progress)) {
      if (spec.many !== undefined) progress.values[name] = []
      continue
    }
    progress.values[name] = readRaw(spec, raw)
    progress.origins[name] = raw.origin
    progress.ranks[name] = raw.rank
  }
  return { settings: progress.values as Settings, origins: progress.origins }
}

/**
 * One option by itself, before the config file is read.
 *
 * @throws UsageError as {@link resolveSettings}
 */
export function resolveOption<Name extends OptionName>(name: Name, sources: Sources): Settings[Name] {
  const spec: OptionSpec = OPTIONS[name]
  const raw = findRaw(name, spec, sources)
  return (raw === undefined ? (spec.many === undefined ? undefined : []) : readRaw(spec, raw)) as Settings[Name]
}

function findRaw(name: OptionName, spec: OptionSpec, { command, flags, env, config }: Sources): Raw | undefined {
  if (!hasOption(command, spec)) return undefined
  const flag = flags[name]
  if (flag !== undefined) {
    const written = typeof flag === 'boolean' ? '' : ` ${typeof flag === 'string' ? flag : flag.join(' ')}`
    const dashed = `--${flag === false ? 'no-' : ''}${flagName(name)}`
    return { value: flag, origin: dashed, written: dashed + written, rank: RANK.flag }
  }
  const variable = spec.flagOnly ? undefined : env[variableName(name)]
  if (variable !== undefined && variable !== '') {
    const value = spec.many === undefined ? variable : variable.split(',')
    return { value, origin: variableName(name), written: `${variableName(name)}=${variable}`, rank: RANK.variable }
  }
  const platform = name === 'port' ? 'PORT' : name === 'host' ? 'HOST' : undefined
  const given = platform && env[platform]
  if (platform !== undefined && given !== undefined && given !== '') {
    return { value: given, origin: platform, written: `${platform}=${given}`, rank: RANK.platform }
  }
  if (config !== undefined && !spec.flagOnly && config.values[name] !== undefined) {
    const value = config.values[name]
    return {
      value,
      origin: config.name,
      written: `${name}: ${JSON.stringify(value)} in ${config.name}`,
      rank: RANK.file,
    }
  }
  return undefined
}

/**
 * A default. Without a host, the address is open to all where the environment sets PORT, since a platform that does so reaches
 * the process from outside; but not in dev, which shows errors and sources. On a unix socket that the server itself has bound,
 * the peer is the proxy in front of it, so it is trusted, as gunicorn does: only it and the owner may connect.
 */
function presetOf(name: OptionName, spec: OptionSpec, { command, values, origins }: Progress): Raw | undefined {
  if (!hasOption(command, spec)) return undefined
  const { serverDefault } = spec
  if (serverDefault !== undefined && values.server === serverDefault.server) {
    return preset(name, serverDefault.value, `default of --server ${serverDefault.server}`)
  }
  if (name === 'host' && origins.port === 'PORT' && command !== 'dev') {
    return preset(name, '0.0.0.0', 'because PORT is set')
  }
  const value = defaultOf(spec, command)
  if (name === 'forwardedAllowIps' && bindsPrivately(values.bind)) {
    return preset(name, [value, 'unix'], 'because a unix socket is bound')
  }
  return value === undefined ? undefined : preset(name, value, 'default')
}

const preset = (name: OptionName, value: unknown, origin: string): Raw => ({
  value,
  origin,
  written: `the default of ${name}`,
  rank: RANK.default,
})

/** There is a unix socket, and none without a file, to which every user of the machine may connect. */
function bindsPrivately(bind: OptionValue | readonly OptionValue[] | undefined): boolean {
  if (!Array.isArray(bind)) return false
  const paths = bind.flatMap((target: ListenTarget) => ('path' in target ? [target.path] : []))
  return paths.length > 0 && !paths.some(isAbstract)
}

/**
 * `--bind` stands instead of host and port: the source with the higher rank decides, and where both are flags they
 * contradict each other.
 */
function counts(name: OptionName, { rank }: Raw, { ranks }: Progress): boolean {
  if (name !== 'bind') return true
  const single = Math.max(ranks.port ?? 0, ranks.host ?? 0)
  if (rank === RANK.flag && single === RANK.flag) {
    throw new UsageError([
      `--bind and ${ranks.port === RANK.flag ? '--port' : '--host'} contradict each other.`,
      'With --bind, give the whole address: --bind 127.0.0.1:3000',
    ])
  }
  return rank >= single
}

function readRaw(spec: OptionSpec, { value, written }: Raw): OptionValue | readonly OptionValue[] {
  if (spec.many === undefined) return readOne(spec, value, written)
  const items = Array.isArray(value) ? value : [value]
  const texts =
    spec.many === 'commas' ? items.flatMap((item) => (typeof item === 'string' ? item.split(',') : [item])) : items
  return texts
    .map((item: unknown) => (typeof item === 'string' ? item.trim() : item))
    .filter((item) => !(spec.type === 'address' && item === 'none'))
    .map((item) => readOne(spec, item, written))
}

function readOne(spec: OptionSpec, value: unknown, written: string): OptionValue {
  if (typeof value === 'boolean' && spec.type === 'switch') return value
  if (spec.bare !== undefined && (value === true || value === 'true')) return readOne(spec, spec.bare, written)
  // In a config file numbers are numbers, but no time is one: nobody could tell its unit.
  const isNumber = typeof value === 'number' && (spec.type !== 'duration' || value === 0)
  const reading = readValue(spec, typeof value === 'string' || isNumber ? String(value) : '')
  if ('value' in reading) return reading.value
  throw new UsageError([`${written}: expected ${reading.expected}.`])
}
