import { isAbstract } from '@tsgi/listeners'
/**
 * Which value holds: flag, `TSGI_…` variable, PORT and HOST, config file, default, in this order.
 */
import type { ListenTarget } from '@tsgi/spec/server'
import { UsageError } from '../usage-error.ts'
import { readValue, type OptionValue, type ValueByType } from './option-values.ts'
import {
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

/**
 * @throws UsageError naming what was given, where, and what was expected
 */
export function resolveSettings(sources: Sources): Resolved {
  const values: Partial<Record<OptionName, OptionValue | readonly OptionValue[]>> = {}
  const origins: Partial<Record<OptionName, string>> = {}
  const ranks: Partial<Record<OptionName, number>> = {}
  for (const [name, spec] of OPTION_ROWS) {
    const raw = hasOption(sources.command, spec) ? findRaw(name, spec, sources) : undefined
    if (raw === undefined) {
      if (spec.many !== undefined) values[name] = []
      continue
    }
    values[name] = readRaw(spec, raw)
    origins[name] = raw.origin
    ranks[name] = raw.rank
  }
  if (hasOption(sources.command, OPTIONS.bind)) settleAddress(sources.command, values, origins, ranks)
  if (hasOption(sources.command, OPTIONS.forwardedAllowIps)) settleTrust(values, origins)
  settleServerDefaults(values, origins)
  return { settings: values as Settings, origins }
}

function findRaw(name: OptionName, spec: OptionSpec, { command, flags, env, config }: Sources): Raw | undefined {
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
  const value = command === 'dev' && spec.devDefault !== undefined ? spec.devDefault : spec.default
  return value === undefined
    ? undefined
    : { value, origin: 'default', written: `the default of ${name}`, rank: RANK.default }
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

/**
 * `--bind` stands instead of host and port: the source with the higher rank decides, and where both are flags they
 * contradict each other. Without a host, the address is open to all where the environment sets PORT, since a platform that
 * does so reaches the process from outside; but not in dev, which shows errors and sources.
 */
function settleAddress(
  command: CommandName,
  values: Partial<Record<OptionName, OptionValue | readonly OptionValue[]>>,
  origins: Partial<Record<OptionName, string>>,
  ranks: Partial<Record<OptionName, number>>,
): void {
  const single = Math.max(ranks.port ?? 0, ranks.host ?? 0)
  if (ranks.bind === RANK.flag && single === RANK.flag) {
    throw new UsageError([
      `--bind and ${ranks.port === RANK.flag ? '--port' : '--host'} contradict each other.`,
      'With --bind, give the whole address: --bind 127.0.0.1:3000',
    ])
  }
  if (ranks.bind !== undefined && ranks.bind < single) {
    values.bind = []
    delete origins.bind
  }
  if (origins.port === 'PORT' && origins.host === 'default' && command !== 'dev') {
    values.host = '0.0.0.0'
    origins.host = 'because PORT is set'
  }
}

/**
 * On a unix socket that the server itself has bound, the peer is the proxy in front of it: only it and the owner may connect.
 * gunicorn believes it too. A list of proxies says whether it is one of them.
 */
function settleTrust(
  values: Partial<Record<OptionName, OptionValue | readonly OptionValue[]>>,
  origins: Partial<Record<OptionName, string>>,
): void {
  const { bind, forwardedAllowIps } = values
  if (origins.forwardedAllowIps !== 'default' || !Array.isArray(bind) || !Array.isArray(forwardedAllowIps)) return
  const paths = bind.flatMap((target: ListenTarget) => ('path' in target ? [target.path] : []))
  // To a name without a file every user of the machine may connect.
  if (paths.length === 0 || paths.some(isAbstract)) return
  values.forwardedAllowIps = [...(forwardedAllowIps as readonly string[]), 'unix']
  origins.forwardedAllowIps = 'because a unix socket is bound'
}

/** Defaults that depend on the server. */
function settleServerDefaults(
  values: Partial<Record<OptionName, OptionValue | readonly OptionValue[]>>,
  origins: Partial<Record<OptionName, string>>,
): void {
  for (const [name, spec] of OPTION_ROWS) {
    const { serverDefault } = spec
    if (serverDefault === undefined || origins[name] !== 'default' || values.server !== serverDefault.server) continue
    values[name] = readOne(spec, serverDefault.value, `the default of ${name}`)
    origins[name] = `default of --server ${serverDefault.server}`
  }
}
