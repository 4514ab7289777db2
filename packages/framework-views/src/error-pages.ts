import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { statusReason } from '@tsgi/spec'
import type { HttpRequest } from './request.ts'
import { HttpResponse } from './response.ts'
import { createEta } from './templates.ts'

const templates = createEta(new URL('../templates/', import.meta.url), false)

/** What strangers see: nothing of the error. */
export function plainPage(_request: HttpRequest, status: number): HttpResponse {
  return new HttpResponse(templates.render('plain', { title: `${status} ${statusReason(status)}` }), { status })
}

/** What a developer sees: for a 404 the patterns that were tried, otherwise the error, its causes and their lines. */
export function developmentPage(request: HttpRequest, status: number, error: unknown): HttpResponse {
  const { headers, input: _input, errors: _errors, server: _server, ...environ } = request.environ
  const fields = headers.flatMap((name, at) =>
    at % 2 === 0 ? [[name, SECRET.test(name) ? '(hidden)' : headers[at + 1]]] : [],
  )
  const errors = withCauses(error).map(({ name, message, stack }) => ({ name, message, frames: stackFrames(stack) }))
  const tables = { Environ: Object.entries(environ), Fields: fields }
  const title = `${status} ${statusReason(status)}`
  const context = { title, status, errors, request, endpoints: request.site.urls.endpoints, tables }
  return new HttpResponse(templates.render('development', context), { status })
}

const SECRET = /cookie|authorization|token|secret|key/i
const LINES_AROUND = 4

function withCauses(error: unknown): Error[] {
  const known = error instanceof Error ? error : new Error(`a value that is no Error was thrown: ${String(error)}`)
  return known.cause === undefined ? [known] : [known, ...withCauses(known.cause)].slice(0, 5)
}

/** The calls on a stack, innermost first; those of the application with the lines around. */
function stackFrames(stack = ''): { text: string; line: number; source: { number: number; text: string }[] }[] {
  return Array.from(stack.matchAll(/^ +at (.*):(\d+):\d+\)?$/gm), ([text, call = '', digits]) => {
    const place = call.slice(call.lastIndexOf('(') + 1)
    const location = place.startsWith('file:') ? fileURLToPath(place) : place
    const line = Number(digits)
    const isForeign = /^node:|[\\/]node_modules[\\/]/.test(location) || location.startsWith(import.meta.dirname)
    return { text: text.trim(), line, source: isForeign ? [] : linesAround(location, line) }
  })
}

function linesAround(location: string, line: number): { number: number; text: string }[] {
  try {
    const lines = readFileSync(location, 'utf8').split('\n')
    const first = Math.max(line - LINES_AROUND, 1)
    return lines.slice(first - 1, line + LINES_AROUND).map((text, at) => ({ number: first + at, text }))
  } catch {
    return []
  }
}
