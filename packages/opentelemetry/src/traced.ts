/**
 * One server span for each request: begun before the application is called, ended when the response is out or lost, with the span of
 * the client's `traceparent` as its parent (W3C Trace Context).
 */
import {
  context,
  type Context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api'
import { type Application, type Body, type Environ, header, type HeaderList, isPromise, withLifespan } from '@tsgi/spec'
import { requestAttributes, spanName } from './attributes.ts'
import { boundBody } from './bound-body.ts'
import { httpIsInstrumented, servesByNode } from './instrumented.ts'

export interface TracedOptions {
  /**
   * Put the context of the span into the request's fields in the place of the client's, for an application that reads it there:
   * one in another process or another language, as behind `@tsgi/bridge`. Default false.
   */
  readonly propagate?: boolean | undefined
}

const tracer = () => trace.getTracer('@tsgi/opentelemetry')

/**
 * An application with a server span around each of its requests. Where OpenTelemetry's own instrumentation of `node:http` makes one
 * already, there is no second.
 *
 * @example export default traced(app)
 */
export function traced(inner: Application, { propagate = false }: TracedOptions = {}): Application {
  const byNode = servesByNode(inner)
  const application: Application = (environ, startResponse) => {
    if (isServerSpan(trace.getSpan(context.active())) || (byNode && httpIsInstrumented())) {
      return inner(environ, startResponse)
    }
    const parent = propagation.extract(ROOT_CONTEXT, environ.headers, FIELDS)
    const span = tracer().startSpan(
      spanName(environ),
      { kind: SpanKind.SERVER, attributes: requestAttributes(environ) },
      parent,
    )
    const within = trace.setSpan(parent, span)
    const request = new TracedRequest(span)
    environ.server.onFinish((error) => request.end(error))
    const asked = propagate ? withContext(environ, within) : environ
    const respond: typeof startResponse = (status, headers, ...replacing) => {
      startResponse(status, headers, ...replacing)
      request.status = status
    }
    const body = context.with(within, inner, undefined, asked, respond)
    return isPromise(body) ? body.then((settled: Body) => boundBody(settled, within)) : boundBody(body, within)
  }
  return withLifespan(application, inner)
}

class TracedRequest {
  status = 0
  readonly #span: Span

  constructor(span: Span) {
    this.#span = span
  }

  end(error: unknown): void {
    const span = this.#span
    // What failed before it had a response is answered by the server (SPEC F.1).
    const status = this.status === 0 && error !== undefined ? 500 : this.status
    if (status !== 0) span.setAttribute('http.response.status_code', status)
    if (error !== undefined) {
      const { name, message } = error instanceof Error ? error : { name: '_OTHER', message: String(error) }
      if (error instanceof Error) span.recordException(error)
      span.setAttribute('error.type', name)
      span.setStatus({ code: SpanStatusCode.ERROR, message })
    } else if (status >= 500) {
      span.setAttribute('error.type', String(status))
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
    span.end()
  }
}

/** The interface of a span does not say its kind; the SDK's does. */
const isServerSpan = (span: Span | undefined): boolean =>
  span !== undefined && span.isRecording() && (span as Span & { readonly kind?: SpanKind }).kind === SpanKind.SERVER

const FIELDS: TextMapGetter<HeaderList> = {
  get: (headers, name) => header(headers, name.toLowerCase()),
  keys: (headers) => headers.filter((_, index) => index % 2 === 0),
}

function withContext(environ: Environ, within: Context): Environ {
  const injected: { [name: string]: string } = {}
  propagation.inject(within, injected)
  const headers: string[] = []
  const names = propagation.fields().map((name) => name.toLowerCase())
  for (let index = 0; index < environ.headers.length; index += 2) {
    const [name = '', value = ''] = environ.headers.slice(index, index + 2)
    if (!names.includes(name)) headers.push(name, value)
  }
  for (const [name, value] of Object.entries(injected)) headers.push(name.toLowerCase(), value)
  return { ...environ, headers }
}
