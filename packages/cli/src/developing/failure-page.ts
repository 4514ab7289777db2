/** The application that `tsgi dev` serves in the place of one that does not load: every answer is the page of the error. */
import { isAbsolute, resolve } from 'node:path'
import {
  developmentScript,
  errorHtml,
  errorText,
  problemsOf,
  sourceExcerpt,
  type ErrorReport,
  type Place,
  type Problem,
} from '@tsgi/error-page'
import { LoadError } from '@tsgi/loader'
import { header, statusReason, type Application } from '@tsgi/spec'
import { ServeError } from '@tsgi/spec/server'

/** @param app as it was typed */
export function failurePage(error: unknown, app: string, cwd: string): Application {
  return (environ, startResponse) => {
    const script = developmentScript()
    const report: ErrorReport = {
      title: `500 ${statusReason(500)}`,
      ...describe(error, app, cwd),
      footer:
        script === undefined
          ? 'tsgi dev starts the application again when a file of it is saved.'
          : 'tsgi dev starts the application again when a file of it is saved; then this page reloads.',
      script: environ.requestMethod === 'GET' ? script : undefined,
    }
    const wantsHtml = header(environ, 'accept')?.includes('text/html') === true
    const type = wantsHtml ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8'
    startResponse(500, ['content-type', type, 'cache-control', 'no-store', 'x-content-type-options', 'nosniff'])
    return wantsHtml ? errorHtml(report) : errorText(report)
  }
}

function describe(error: unknown, app: string, cwd: string): { heading: string; problems: readonly Problem[] } {
  if (error instanceof LoadError && error.code === 'TSGI_ERR_APP_THREW' && error.cause !== undefined) {
    const [first = ''] = error.message.split('\n')
    return { heading: first.replace(/:$/, ''), problems: problemsOf(error.cause, cwd) }
  }
  if (error instanceof ServeError && error.code === 'TSGI_ERR_STARTUP' && error.cause !== undefined)
    return { heading: `The startup of ${app} failed`, problems: problemsOf(error.cause, cwd) }
  if (error instanceof LoadError || error instanceof ServeError)
    return { heading: `${app} does not load`, problems: [fromMessage(error.message, cwd)] }
  return { heading: `${app} does not load`, problems: problemsOf(error, cwd) }
}

/** A message for the terminal shows the place and the line itself; here the lines around stand in its place. */
function fromMessage(message: string, cwd: string): Problem {
  const place = placeIn(message, cwd)
  if (place === undefined || sourceExcerpt(place) === undefined) return { title: message, frames: [] }
  const title = message
    .replace(/\n(?: {2}.*\n?)+/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return { title, frames: [], place }
}

/** The first line of a message that is a place: `  app.ts:12` or `  at app.ts:12:9`. */
function placeIn(message: string, cwd: string): Place | undefined {
  const [, file, line, column] = /^ {2,}(?:at )?(\S.*?):(\d+)(?::(\d+))?$/m.exec(message) ?? []
  if (file === undefined) return undefined
  return {
    file: isAbsolute(file) ? file : resolve(cwd, file),
    line: Number(line),
    column: column === undefined ? undefined : Number(column),
  }
}
