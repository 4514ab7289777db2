import type { Found } from './load.ts'

interface Sign {
  readonly kind: 'fetch' | 'node' | 'wsgi'
  readonly convention: string
  /** How it fails when it is called as a TSGI application. */
  readonly failure: RegExp
  /** What stands in its source. */
  readonly source: RegExp
}

const SIGNS: readonly Sign[] = [
  {
    kind: 'wsgi',
    convention: '(environ, start_response)',
    failure: /\bcame \d{3} [A-Z]/,
    source: /\benviron(?:\.[A-Z]{2,}|\[['"](?:wsgi\.|[A-Z_]+['"]))|\bstart_response\(/,
  },
  {
    kind: 'node',
    convention: '(req, res)',
    failure: /\.(?:end|write|writeHead|setHeader|status|send|json|redirect|render) is not a function$/,
    source: /\bres(?:ponse)?\.(?:end|write|writeHead|setHeader|statusCode|status|send|json)\b/,
  },
  {
    kind: 'fetch',
    convention: '(request) => Response',
    failure: /\.(?:json|text|formData|arrayBuffer|headers\.get) is not a function$/,
    source: /\bnew Response\(|\bResponse\.json\(/,
  },
]

/**
 * A bare function of two parameters is taken for a TSGI application, since nothing about it says otherwise. When it fails the
 * way a function of another convention would, this says so, and names the flag.
 */
export function misreadHint(error: unknown, { kind, export: name, guessed, application }: Found): string | undefined {
  if (kind !== 'tsgi' || !guessed || !(error instanceof Error)) return undefined
  const brokeTheRules = 'code' in error && error.code === 'TSGI_ERR_RESPONSE'
  if (!brokeTheRules && !(error instanceof TypeError)) return undefined
  const source = Function.prototype.toString.call(application)
  const sign = SIGNS.find(({ failure }) => failure.test(error.message)) ?? SIGNS.find((one) => one.source.test(source))
  if (sign === undefined) return undefined
  return `the export "${name}" was taken for a TSGI application, but fails as a function ${sign.convention} would; if it is one, add --as ${sign.kind}`
}
