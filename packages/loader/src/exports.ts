import type { Exports } from './import-module.ts'
import { LoadError } from './load-error.ts'
import { describe, recognise, type Recognised, type Unrecognised } from './recognise.ts'

/** Where an application is looked for when no export is named, in this order. */
export const USUAL_EXPORTS: readonly string[] = ['default', 'app', 'application']

export type Candidate = readonly [name: string, value: unknown]

/**
 * An application under a name that says which convention it follows: `fetch`, as Workers, Bun and Deno have it; `handler` with
 * `next`, as SvelteKit and Astro build it.
 */
export function recogniseByName(name: string, value: unknown): (Recognised & { readonly value: unknown }) | undefined {
  if (typeof value !== 'function') return undefined
  if (name === 'fetch') return { kind: 'fetch', what: 'a module that exports fetch', value: { fetch: value } }
  if (name === 'handler' && (value.length === 3 || value.length === 4))
    return { kind: 'node', what: 'a Node handler with next', value }
  return undefined
}

/** Names that {@link recogniseByName} knows, in the order in which they are looked for. */
export const TELLING_EXPORTS: readonly string[] = ['fetch', 'handler']

const ACCEPTED = [
  'What can be served:',
  '  (environ, startResponse) => body             a TSGI application',
  '  { fetch(request) }                           Hono, h3, or a function with --as fetch',
  '  an Express, Koa or Fastify app               or a function (req, res) with --as node',
  '  (environ, start_response) => iterable        the dialect of PEP 3333, with --as wsgi',
]

const SILENT = 'Nor does it listen by itself. Export the application: export default app'

/** The exports as written: a module that was compiled to CommonJS has them one level down. */
export function exportsOf(module: Exports): Exports {
  const inner = module['default']
  const compiled = typeof inner === 'object' && inner !== null && '__esModule' in inner
  return compiled ? (inner as Exports) : module
}

export function noSuchExport(file: string, wanted: string, exports: Exports): LoadError {
  return new LoadError('TSGI_ERR_APP_NO_EXPORT', [`${file} has no export "${wanted}".`, ...found(file, exports)])
}

export function unknownKind(subject: string, { what, advice }: Unrecognised): LoadError {
  return new LoadError('TSGI_ERR_APP_UNKNOWN_KIND', [
    `${subject} is ${what}, which is no application.`,
    ...advice,
    '',
    ...ACCEPTED,
  ])
}

/** @param listens whether the module might as well have listened by itself */
export function noApplication(file: string, exports: Exports, makes: boolean, listens: boolean): LoadError {
  const usual = 'default, app or application'
  const [only, another] = USUAL_EXPORTS.filter((name) => name in exports).map((name) => recognise(exports[name]))
  const advice = only?.kind === null && another === undefined ? (only?.advice ?? []) : []
  return new LoadError(only === undefined ? 'TSGI_ERR_APP_NO_EXPORT' : 'TSGI_ERR_APP_UNKNOWN_KIND', [
    makes
      ? `${file} exports no function as ${usual} that could make an application (--factory).`
      : `${file} exports no application as ${usual}.`,
    ...advice,
    ...found(file, exports),
    ...(listens && namesOf(exports).length === 0 ? [SILENT] : []),
    '',
    ...ACCEPTED,
  ])
}

function found(file: string, exports: Exports): string[] {
  const names = namesOf(exports)
  if (names.length === 0) return ['It exports nothing at all.']
  const shown = names.slice(0, 8)
  const width = Math.max(...shown.map((name) => name.length))
  const usable = names.filter((name) => !USUAL_EXPORTS.includes(name) && recognise(exports[name]).kind !== null)
  return [
    '',
    'Its exports:',
    ...shown.map((name) => `  ${name.padEnd(width)}  ${describe(exports[name])}`),
    ...(names.length > shown.length ? [`  … and ${names.length - shown.length} more`] : []),
    ...usable.slice(0, 1).map((name) => `To serve "${name}", say ${file}:${name}`),
    ...(usable.length > 0 ? [] : shown.flatMap((name) => asKind(file, name, exports[name])).slice(0, 3)),
  ]
}

/** The command for a function whose number of parameters allows one kind only. */
function asKind(file: string, name: string, value: unknown): readonly string[] {
  if (typeof value !== 'function' || recognise(value).kind !== null) return []
  const reference = USUAL_EXPORTS.includes(name) ? file : `${file}:${name}`
  if (value.length === 1) return [`If "${name}" takes a Request: ${reference} --as fetch`]
  return value.length > 2 ? [`If "${name}" takes (req, res, next): ${reference} --as node`] : []
}

const namesOf = (exports: Exports): string[] =>
  Object.keys(exports).filter((name) => name !== '__esModule' && name !== 'module.exports')
