import type { Environ, ErrorStream } from '@tsgi/spec'
import type { RuleCode } from '@tsgi/spec/clauses'
import { Finding } from './finding.ts'
import type { Reporter } from './reporter.ts'
import { takeTrace, type Trace } from './trace.ts'

/** What one validator knows from one request to the next. */
export class Validation {
  readonly inner: string
  readonly #outer: string | undefined
  readonly #report: Reporter
  /** Whether each `startResponse` notes who called it: for faults that come to light when the application is off the stack. */
  tracing: boolean
  /** Responses that have not ended. */
  active = 0
  lastEnviron: Environ | null = null

  constructor(report: Reporter, outer: string | undefined, inner: string, tracing: boolean) {
    this.#report = report
    this.#outer = outer
    this.inner = inner
    this.tracing = tracing
  }

  /** The culprit is on the stack. */
  fault(code: RuleCode, done: string, environ: Environ | null): void {
    this.#emit(code, done, environ, takeTrace())
  }

  /** The culprit is not on the stack any more. @param trace of when it was, if it was taken */
  faultLater(code: RuleCode, done: string, environ: Environ | null, trace: Trace | null): void {
    // From now on, know: a fault that is in the code will come again.
    if (trace === null) this.tracing = true
    this.#emit(code, done, environ, trace)
  }

  /** Nobody is on the stack, so that a reporter that throws would end the process. */
  faultAside(code: RuleCode, done: string, environ: Environ): void {
    try {
      this.#emit(code, done, environ, null)
    } catch (error) {
      environ.errors.write(`${error instanceof Error ? error.message : String(error)}\n`)
    }
  }

  #emit(code: RuleCode, done: string, environ: Environ | null, trace: Trace | null): void {
    const outer = this.#outer ?? nameOf(environ) ?? 'the server'
    this.#report(
      new Finding(code, done, { outer, inner: this.inner, request: requestLine(environ), trace }),
      logOf(environ),
    )
  }
}

// What is faulty may be the environ.

function nameOf(environ: Environ | null): string | undefined {
  const name: unknown = environ?.server?.name
  return typeof name === 'string' ? name : undefined
}

function logOf(environ: Environ | null): ErrorStream | null {
  return typeof environ?.errors?.write === 'function' ? environ.errors : null
}

function requestLine(environ: Environ | null): string | null {
  if (environ === null || typeof environ !== 'object') return null
  const { requestMethod, scriptName, pathInfo, queryString } = environ
  const target = `${String(scriptName)}${String(pathInfo)}`
  return `${String(requestMethod)} ${target}${queryString ? `?${String(queryString)}` : ''}`
}
