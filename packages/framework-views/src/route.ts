/**
 * One route string: what it matches, and how it is written for given values. Both work on decoded paths in which `/`
 * parts segments and NUL, which no path may hold, stands for a slash that was sent encoded.
 */
import type { Converter } from './converters.ts'
import { ImproperlyConfigured, NoReverseMatch } from './errors.ts'

export type Params = Readonly<Record<string, unknown>>

export interface RouteParts {
  /** `literals[0] params[0] literals[1] params[1] …`: one literal more than there are parameters. */
  readonly literals: readonly string[]
  readonly params: readonly { readonly name: string; readonly converter: Converter }[]
}

const PARAM = /<(?:([A-Za-z_]\w*):)?([A-Za-z_]\w*)>/

/** @throws ImproperlyConfigured for an unknown converter, a name used twice, a leading slash or a stray `<` or `>` */
export function parseRoute(route: string, converters: Readonly<Record<string, Converter>>): RouteParts {
  const refuse = (why: string): never => {
    throw new ImproperlyConfigured(`route "${route}" ${why}`)
  }
  const pieces = route.split(PARAM) // literal, converter, name, literal, converter, name, …, literal
  const literals = pieces.filter((_, at) => at % 3 === 0) as string[]
  const params = literals.slice(1).map((_, at) => {
    const kind = pieces[at * 3 + 1] ?? 'str'
    const there = Object.keys(converters).join(', ')
    const converter = converters[kind] ?? refuse(`uses converter "${kind}"; there are ${there}`)
    if (countGroups(converter.pattern) > 0) refuse(`uses converter "${kind}", whose pattern has capturing groups`)
    return { name: pieces[at * 3 + 2] as string, converter }
  })
  if (route.startsWith('/')) refuse('must not begin with "/": the slash before it is implied')
  if (/[<>]/.test(literals.join(''))) refuse('has a stray "<" or ">"; a parameter is <converter:name>, without spaces')
  if (new Set(params.map(({ name }) => name)).size < params.length) refuse('uses a parameter name twice')
  return { literals, params }
}

const countGroups = (pattern: string): number => (new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 1) - 1

// Node 22 has no RegExp.escape. With the flag u, an escaped hyphen outside of a class would be an error.
const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)

/** A regular expression's source with one group for each parameter. */
export const routePattern = ({ literals, params }: RouteParts): string =>
  literals.map((text, at) => escapeRegExp(text) + (params[at] ? `(${params[at].converter.pattern})` : '')).join('')

/** The encoded path of a route for some values. */
export function formatRoute({ literals, params }: RouteParts, values: Params): string {
  const text = literals.map((literal, at) => literal + (params[at] ? formatParam(params[at], values) : '')).join('')
  if (/(^|\/)\.\.?(\/|$)/.test(text)) throw new NoReverseMatch(`browsers would resolve the dots in "${text}" away`)
  const encoded = text.split('/').map((segment) => segment.split('\0').map(encodeURIComponent).join('%2F'))
  return singleSlash(`/${encoded.join('/')}`)
}

function formatParam({ name, converter }: RouteParts['params'][number], values: Params): string {
  const text = converter.format(values[name])
  const pattern = new RegExp(`^(?:${converter.pattern})$`, 'u')
  const form = [text, text.replaceAll('/', '\0')].find((candidate) => pattern.test(candidate))
  if (form === undefined) throw new NoReverseMatch(`"${name}" must match ${converter.pattern}, got "${text}"`)
  return form
}

/** `//host` would name another site. */
export const singleSlash = (path: string): string => path.replace(/^\/+/, (all) => `/${'%2F'.repeat(all.length - 1)}`)
