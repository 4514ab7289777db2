import type { ErrorStream } from '@tsgi/spec'
import { type Finding, ValidationError } from './finding.ts'

/** Takes a finding. `log` is that of the request, where there is one. */
export interface Reporter {
  (finding: Finding, log: ErrorStream | null): void
}

/**
 * What happens to findings: `'throw'` throws a {@link ValidationError} into whoever made the call, `'log'` writes to the
 * server's log, an array collects, a function does as it likes.
 */
export type Report = 'throw' | 'log' | Finding[] | ((finding: Finding) => void)

export function makeReporter(report: Report): Reporter {
  if (report === 'throw') {
    return (finding) => {
      throw new ValidationError(finding)
    }
  }
  if (report === 'log') return logOnce()
  if (Array.isArray(report)) return (finding) => void report.push(finding)
  return (finding) => report(finding)
}

/** A fault that each request repeats is worth one entry. */
const MAX_REMEMBERED = 1000

function logOnce(): Reporter {
  const seen = new Set<string>()
  return (finding, log) => {
    const key = `${finding.code} ${finding.message} ${JSON.stringify(finding.frame)}`
    if (seen.has(key) || seen.size >= MAX_REMEMBERED) return
    seen.add(key)
    const text = `${finding.toString()}\n`
    if (log === null) process.stderr.write(text)
    else log.write(text)
  }
}
