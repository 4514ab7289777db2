import { statusReason, type HeaderList, type StartResponse } from '@tsgi/spec'

const HEADERS: HeaderList = ['content-type', 'text/plain; charset=utf-8', 'x-content-type-options', 'nosniff']

/** Starts a response that says no more than its status, and gives its body. */
export function startText(startResponse: StartResponse, status: number, more: HeaderList = []): string {
  startResponse(status, more.length === 0 ? HEADERS : [...HEADERS, ...more])
  return `${status} ${statusReason(status)}\n`
}
