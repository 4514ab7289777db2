import type { HeaderList, StartResponse } from '@tsgi/spec'

/** What an application said in PEP 3333's words, in TSGI's. */
export function startFrom(
  startResponse: StartResponse,
  status: string,
  headers: readonly (readonly string[])[],
  excInfo: unknown,
): void {
  const code = statusCode(status)
  const list = flatHeaders(headers)
  if (isAbsent(excInfo)) startResponse(code, list)
  else startResponse(code, list, errorOf(excInfo))
}

/** What was caught: itself, or the second of Python's `(type, value, traceback)`. */
export const errorOf = (excInfo: unknown): unknown =>
  Array.isArray(excInfo) && excInfo.length === 3 ? excInfo[1] : excInfo

/** `None` means that there was no error. */
export const isAbsent = (excInfo: unknown): excInfo is null | undefined => excInfo === undefined || excInfo === null

function statusCode(status: unknown): number {
  const code = typeof status === 'string' ? /^(\d{3}) [\t\x20-\x7e\x80-\xff]*$/.exec(status)?.[1] : undefined
  if (code !== undefined) return Number(code)
  const came = typeof status === 'string' ? JSON.stringify(status) : String(status)
  const advice = typeof status === 'number' ? '. A number is TSGI’s way: serve the function without this adapter' : ''
  throw new TypeError(
    `start_response takes a status such as '200 OK', three digits, a space and a reason; came ${came}${advice}`,
  )
}

function flatHeaders(headers: unknown): HeaderList {
  if (!Array.isArray(headers)) throw badHeaders(headers)
  const list: string[] = []
  for (const pair of headers as unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') {
      throw badHeaders(pair)
    }
    list.push(pair[0].toLowerCase(), pair[1])
  }
  return Object.freeze(list)
}

const badHeaders = (came: unknown): TypeError =>
  new TypeError(
    `start_response takes headers as a list of pairs of strings, [['Content-Type', 'text/html']]; came ${JSON.stringify(came) ?? String(came)}`,
  )
