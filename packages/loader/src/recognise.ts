import { isKind, KIND, KINDS, type Kind } from './kind.ts'

/** What an exported value is taken for. `what` goes into a sentence: "a TSGI function". */
export interface Recognised {
  readonly kind: Kind
  readonly what: string
}

/** Why a value is taken for nothing, and what its author may have meant. */
export interface Unrecognised {
  readonly kind: null
  readonly what: string
  readonly advice: readonly string[]
}

/**
 * Which convention a value follows, told by its shape alone: nothing is called. A bare function of two parameters is a TSGI
 * application, since that is all that can be seen of it; everything else about functions must be said.
 */
export function recognise(value: unknown): Recognised | Unrecognised {
  if (!isObject(value)) return { kind: null, what: describe(value), advice: [] }
  const said = value[KIND]
  if (said !== undefined) return byProperty(said)
  if (isMethod(value, 'fetch')) return { kind: 'fetch', what: 'an object with fetch' }
  if (isMethod(value, 'handle') && isMethod(value, 'use')) {
    return { kind: 'node', what: isMethod(value, 'engine') ? 'an Express app' : 'a connect-style app' }
  }
  if (isMethod(value, 'routing') && isMethod(value, 'ready')) return { kind: 'node', what: 'a Fastify instance' }
  if (isMethod(value, 'callback') && isMethod(value, 'use')) return { kind: 'node', what: 'a Koa app' }
  if (isNodeServer(value)) return { kind: 'node', what: 'an http.Server' }
  if (isMethod(value, 'handler') && isMethod(value, 'listen') && isMethod(value, 'use') && isMethod(value, 'parse')) {
    return { kind: 'node', what: 'a polka app' }
  }
  if (typeof value !== 'function') return { kind: null, what: describe(value), advice: [] }
  return byParameters(value)
}

/** As {@link recognise} where somebody said what the value is; only what could never be run that way is refused. */
export function recogniseAs(value: unknown, as: Kind): Recognised | Unrecognised {
  const known = recognise(value)
  if (known.kind === as) return known
  if (couldBe(value, as)) return { kind: as, what: `${KIND_NAMES[as]}, by --as` }
  return { kind: null, what: known.what, advice: [`--as ${as} was given; it takes ${NEEDS[as]}.`] }
}

function couldBe(value: unknown, as: Kind): boolean {
  if (typeof value !== 'function') return as === 'node' && isObject(value) && isMethod(value, 'handle')
  // In Python, the class whose instances are iterated is an application; so it is in its dialect.
  return as === 'wsgi' || !isClass(value)
}

const NEEDS: Readonly<Record<Kind, string>> = {
  tsgi: 'a function (environ, startResponse)',
  fetch: 'a function (request), or an object with fetch',
  node: 'a function (req, res), an object with handle, or an Express, Koa or Fastify app',
  wsgi: 'a function (environ, start_response), or a class made with them',
}

/** Whether a value carries a `tsgi.kind`. */
export const saysItsKind = (value: unknown): boolean => isObject(value) && value[KIND] !== undefined

/** Whether a value holds request listeners of `node:http`, whatever made it. */
const isNodeServer = (value: object): boolean =>
  isMethod(value, 'listen') && isMethod(value, 'listeners') && isMethod(value, 'emit') && isMethod(value, 'address')

/** A value in a few words, for a message. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'function') {
    if (isClass(value)) return `the class ${value.name}`
    return `a function of ${value.length === 1 ? 'one parameter' : `${value.length} parameters`}`
  }
  if (typeof value !== 'object')
    return `${typeof value === 'string' ? 'the string' : `the ${typeof value}`} ${preview(value)}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  const maker = Object.getPrototypeOf(value)?.constructor?.name
  const keys = Object.keys(value)
  const shown = keys.length === 0 ? 'nothing in it' : `${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', …' : ''}`
  return maker === undefined || maker === 'Object' ? `an object with ${shown}` : `a ${maker} with ${shown}`
}

const preview = (value: unknown) => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

function byProperty(said: unknown): Recognised | Unrecognised {
  if (isKind(said)) return { kind: said, what: `${KIND_NAMES[said]}, as its tsgi.kind says` }
  return {
    kind: null,
    what: `something whose Symbol.for('tsgi.kind') property is ${preview(said)}`,
    advice: [`That property is one of: ${KINDS.join(', ')}.`],
  }
}

/** What a value is said to be by `--as` or its own property. */
export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  tsgi: 'a TSGI function',
  fetch: 'a fetch handler',
  node: 'a Node request listener',
  wsgi: 'a WSGI-style function',
}

function byParameters(value: Function): Recognised | Unrecognised {
  if (isClass(value))
    return {
      kind: null,
      what: describe(value),
      advice: [`Export an instance of it: export default new ${value.name}()`],
    }
  switch (value.length) {
    case 2:
      return { kind: 'tsgi', what: KIND_NAMES.tsgi }
    case 0:
      return {
        kind: null,
        what: describe(value),
        advice: ['If it makes the application, add --factory.', 'If it is one all the same, say which: --as tsgi.'],
      }
    case 1:
      return {
        kind: null,
        what: describe(value),
        advice: [
          'If it takes a Request and gives a Response, add --as fetch.',
          'If it makes the application, add --factory.',
        ],
      }
    default:
      return { kind: null, what: describe(value), advice: ['If it takes (req, res, next), add --as node.'] }
  }
}

type Shape = { readonly [key: PropertyKey]: unknown }

const isObject = (value: unknown): value is Shape & object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

const isMethod = (value: object, name: string) => typeof (value as Shape)[name] === 'function'

const isClass = (value: Function) => /^class\b/.test(Function.prototype.toString.call(value))
