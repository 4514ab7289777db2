import { isPromise, type Application } from '@tsgi/spec'
import { Exchange } from './exchange.ts'
import { Lifespan } from './lifespan.ts'
import { makeReporter, type Report } from './reporter.ts'
import { Validation } from './validation.ts'

export interface ValidateOptions {
  /** What happens to findings. Default `'log'`: each kind once, to the server's log. */
  readonly report?: Report | undefined
  /** What calls the application, for messages. Default: the name that the server gives itself. */
  readonly outer?: string | undefined
  /** What is called, for messages. Default: the name of the function. */
  readonly inner?: string | undefined
  /**
   * Whether each `startResponse` notes its caller, so that faults which come to light later (a body too short) name a line at
   * their first occurrence. Default: from the first such fault on, since noting costs as much as all checks together.
   */
  readonly trace?: boolean | undefined
}

/**
 * An application with a check of SPEC.md on both of its sides: of the server that calls it, and of what it answers. It
 * changes nothing of what passes, so it may stand anywhere, between two middlewares as well.
 *
 * @example
 * const findings: Finding[] = []
 * await server.serve(validate(application, { report: findings }))
 */
export function validate(app: Application, options: ValidateOptions = {}): Application {
  if (typeof app !== 'function')
    throw new TypeError(`validate takes an application; came ${app === null ? 'null' : typeof app}`)
  const inner = options.inner ?? (app.name === '' ? 'the application' : app.name)
  const validation = new Validation(makeReporter(options.report ?? 'log'), options.outer, inner, options.trace ?? false)
  const lifespan = new Lifespan(validation, app)
  const validated: Application = (environ, startResponse) => {
    lifespan.checkCall()
    const exchange = new Exchange(validation, environ, startResponse)
    const body = app(exchange.given, exchange.startResponse)
    return typeof body === 'object' && isPromise(body)
      ? body.then((body) => exchange.respond(body))
      : exchange.respond(body)
  }
  lifespan.forward(validated)
  return validated
}
