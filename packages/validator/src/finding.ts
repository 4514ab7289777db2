import { CLAUSES, RULES, type ClauseId, type RuleCode } from '@tsgi/spec/clauses'
import { culpritFrame, type Frame, type Trace } from './trace.ts'
import { REMEDIES } from './remedies.ts'

/** Where and in what a finding was made. */
export interface Circumstances {
  /** What called the application: a server, or the middleware outside. */
  readonly outer: string
  readonly inner: string
  /** Such as `GET /notes?page=2`; `null` for what concerns no single request. */
  readonly request: string | null
  /** The culprit was on the stack when this was taken. */
  readonly trace: Trace | null
}

/** One breach of the interface. */
export class Finding {
  readonly code: RuleCode
  readonly clause: ClauseId
  /** Which of the two sides broke it. */
  readonly culprit: 'server' | 'application'
  /** What was done, and what to do. */
  readonly message: string
  readonly outer: string
  readonly inner: string
  readonly request: string | null
  readonly #trace: Trace | null

  constructor(code: RuleCode, done: string, { outer, inner, request, trace }: Circumstances) {
    const rule = RULES[code]
    this.code = code
    this.clause = rule.clause
    this.culprit = rule.culprit
    this.message = `${done}. ${REMEDIES[code]}`
    this.outer = outer
    this.inner = inner
    this.request = request
    this.#trace = trace
  }

  /** The culprit's own line, where it was on the stack. Read late: naming it costs more than all checks of a request. */
  get frame(): Frame | null {
    return this.#trace === null ? null : culpritFrame(this.#trace, this.culprit)
  }

  /** For a log: several lines, without a newline at the end. */
  toString(): string {
    const { code, clause, culprit, message, outer, inner, request, frame } = this
    const title: string = CLAUSES[clause]
    const lines = [
      `${code}: ${message}`,
      `  by ${culprit === 'server' ? `${outer}, which called ${inner}` : `${inner}, which ${outer} called`}`,
    ]
    if (frame !== null)
      lines.push(`  at ${frame.call === '' ? '' : `${frame.call} `}${frame.file}:${frame.line}:${frame.column}`)
    if (request !== null) lines.push(`  in ${request}`)
    lines.push(`  see SPEC.md ${clause}, ${title}`)
    return lines.join('\n')
  }

  toJSON(): object {
    const { code, clause, culprit, message, outer, inner, request, frame } = this
    return { code, clause, culprit, message, outer, inner, request, frame }
  }
}

/** What the reporter `'throw'` throws. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError'
  readonly code: RuleCode
  readonly finding: Finding

  constructor(finding: Finding) {
    super(finding.toString())
    this.code = finding.code
    this.finding = finding
  }
}
