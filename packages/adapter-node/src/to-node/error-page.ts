/** What a client is shown when there is no answer of the application's: without a word of the cause unless in development. */
import { statusReason, type HeaderList } from '@tsgi/spec'

const HEADERS: HeaderList = ['content-type', 'text/plain; charset=utf-8', 'x-content-type-options', 'nosniff']

export function errorPage(
  status: number,
  error: unknown,
  development: boolean,
): { readonly headers: HeaderList; readonly body: string } {
  const title = `${status} ${statusReason(status)}\n`
  if (!development) return { headers: HEADERS, body: title }
  return { headers: HEADERS, body: `${title}\n${error instanceof Error ? error.stack : String(error)}\n` }
}
