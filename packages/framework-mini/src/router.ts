/**
 * Finds the route for a method and a path. A path that was registered literally is one lookup in a map, however many
 * routes there are; any other walks a trie of segments, as deep as the path is long. At each segment a literal goes before
 * a parameter and that before a tail; a route that lacks the method does not hide a less specific one that has it.
 */
import type { AnyPathParams } from './path-params.ts'

/** Stands for every method. */
export const ANY_METHOD = '*'

export interface Match<Target> {
  readonly target: Target
  readonly params: AnyPathParams
}

/** A name and the segment where it stands; a tail begins there. */
type Parameter = readonly [name: string, at: number, tail: boolean]

interface Route<Target> extends Match<Target> {
  readonly parameters: readonly Parameter[]
}

/** What is routed at one pattern, by method. */
type Endpoint<Target> = Map<string, Route<Target>>
type Accept<Target> = (endpoint: Endpoint<Target>) => Route<Target> | undefined

interface Node<Target> {
  readonly literals: Map<string, Node<Target>>
  parameter: Node<Target> | undefined
  /** For paths that end here. */
  readonly endpoint: Endpoint<Target>
  /** For paths that go on. */
  readonly tail: Endpoint<Target>
}

export class Router<Target> {
  readonly #root: Node<Target> = newNode()
  readonly #literal = new Map<string, Endpoint<Target>>()

  /** @throws TypeError when the pattern is not valid, or routed already */
  add(method: string, pattern: string, target: Target): void {
    if (!pattern.startsWith('/')) refuse(pattern, 'it must begin with "/"')
    const segments = pattern.slice(1).split('/')
    const parameters = parametersOf(pattern, segments)
    const tail = segments.at(-1)?.startsWith('*') === true
    let node = this.#root
    for (const segment of tail ? segments.slice(0, -1) : segments) node = child(node, segment)
    const endpoint = tail ? node.tail : node.endpoint
    if (endpoint.has(method)) refuse(pattern, `${method} is routed there already`)
    endpoint.set(method, { target, params: NO_PARAMS, parameters })
    // Patterns are decoded text and the map is asked for paths as sent: they differ where there is a "%".
    if (!tail && parameters.length === 0 && !pattern.includes('%')) this.#literal.set(pattern, endpoint)
  }

  /** The route for a path as sent; none also where an escape in it does not decode. */
  match(method: string, path: string): Match<Target> | undefined {
    const literal = this.#literal.get(path)
    const exact = literal && pick(literal, method)
    if (exact !== undefined) return exact
    const segments = decodeSegments(path)
    if (segments === undefined) return undefined
    const route = find(this.#root, segments, 0, (endpoint) => pick(endpoint, method))
    if (route === undefined || route.parameters.length === 0) return route
    return { target: route.target, params: paramsOf(route.parameters, segments) }
  }

  /** The methods that are routed for these segments, as `allow` lists them; none where there is no route. */
  allowed(segments: readonly string[]): string[] {
    const methods = new Set<string>()
    find(this.#root, segments, 0, (endpoint) => {
      for (const method of endpoint.keys()) methods.add(method)
      return undefined
    })
    if (methods.has('GET')) methods.add('HEAD')
    if (methods.size > 0) methods.add('OPTIONS')
    return [...methods].sort()
  }
}

/**
 * The segments of a path, each decoded once, so that an encoded slash stays inside its segment (SPEC "Paths").
 * `undefined` when an escape does not decode as UTF-8.
 */
export function decodeSegments(path: string): string[] | undefined {
  const segments = path.slice(1).split('/')
  if (!path.includes('%')) return segments
  try {
    return segments.map((segment) => decodeURIComponent(segment))
  } catch {
    return undefined
  }
}

function find<T>(node: Node<T>, segments: readonly string[], depth: number, accept: Accept<T>): Route<T> | undefined {
  const segment = segments[depth]
  if (segment === undefined) return accept(node.endpoint)
  const literal = node.literals.get(segment)
  return (
    (literal && find(literal, segments, depth + 1, accept)) ??
    (node.parameter && segment !== '' ? find(node.parameter, segments, depth + 1, accept) : undefined) ??
    accept(node.tail)
  )
}

const pick = <T>(endpoint: Endpoint<T>, method: string): Route<T> | undefined =>
  endpoint.get(method) ?? (method === 'HEAD' ? endpoint.get('GET') : undefined) ?? endpoint.get(ANY_METHOD)

function child<T>(node: Node<T>, segment: string): Node<T> {
  if (segment.startsWith(':')) return (node.parameter ??= newNode())
  const literal = node.literals.get(segment) ?? newNode<T>()
  node.literals.set(segment, literal)
  return literal
}

function parametersOf(pattern: string, segments: readonly string[]): Parameter[] {
  const parameters: Parameter[] = []
  for (const [at, segment] of segments.entries()) {
    const tail = segment.startsWith('*')
    if (tail && at < segments.length - 1) refuse(pattern, 'a tail must be its last segment')
    if (segment === '*' || !(tail || segment.startsWith(':'))) continue
    const name = segment.slice(1)
    if (!/^[a-z_]\w*$/i.test(name) || name === '__proto__') refuse(pattern, `"${segment}" does not name a parameter`)
    if (parameters.some(([other]) => other === name)) refuse(pattern, `it names "${name}" twice`)
    parameters.push([name, at, tail])
  }
  return parameters
}

function paramsOf(parameters: readonly Parameter[], segments: readonly string[]): AnyPathParams {
  const params: Record<string, string | readonly string[]> = {}
  for (const [name, at, tail] of parameters) params[name] = tail ? segments.slice(at) : (segments[at] as string)
  return params
}

const NO_PARAMS: AnyPathParams = Object.freeze({})
const newNode = <T>(): Node<T> => ({ literals: new Map(), parameter: undefined, endpoint: new Map(), tail: new Map() })

function refuse(pattern: string, reason: string): never {
  throw new TypeError(`route "${pattern}": ${reason}`)
}
