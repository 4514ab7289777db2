/** Whether what our parser accepts means the same to the runtime's own. */
import type { Told } from './collect.ts'
import { type Seen, seenByRuntime } from './independent-parser.ts'

/** Methods that the runtime's parser does not know; unknown ones reach the application here (RFC 9110 §9.1). */
export const METHODS: readonly string[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'PROPFIND',
  'REPORT',
]

/** Our events as the requests that were complete. */
export function requestsOf(told: readonly Told[]): Seen[] {
  const seen: Seen[] = []
  let body = ''
  let head: Extract<Told, { type: 'request' }> | null = null
  for (const event of told) {
    if (event.type === 'request') {
      head = event
      body = ''
    } else if (event.type === 'data') {
      body += event.text
    } else if (event.type === 'end' && head !== null) {
      seen.push({
        method: head.method,
        target: head.query === '' ? head.path : `${head.path}?${head.query}`,
        headers: head.headers,
        body,
      })
      head = null
    }
  }
  return seen
}

/** Whether the connection goes on after each request, as far as ours says. */
function upToClose(told: readonly Told[], seen: readonly Seen[]): Seen[] {
  const heads = told.filter((event) => event.type === 'request')
  const last = heads.findIndex((head) => !head.keepAlive || head.upgrade !== null)
  return last < 0 ? [...seen] : seen.slice(0, last + 1)
}

/**
 * What the two make of the same bytes; `null` where they may differ for a good reason. Ours may refuse more: only what it
 * accepted is compared.
 */
export async function bothReadings(
  bytes: Buffer,
  told: readonly Told[],
): Promise<{ readonly ours: readonly Seen[]; readonly theirs: readonly Seen[] } | null> {
  const text = bytes.toString('latin1')
  // It knows 1.0 and 1.1 only; any other 1.x is served here (RFC 9110 §2.5).
  if (/HTTP\/1\.[2-9]/.test(text)) return null
  // White space in chunk extensions is bad but allowed (RFC 9112 §7.1.1), and it refuses it.
  if (/^[\da-f]+[ \t]*;[^\r\n]*[ \t]|^[\da-f]+[ \t]+;/im.test(text.replaceAll(/"[^"]*"/g, ''))) return null
  const ours = upToClose(told, requestsOf(told))
  if (ours.some(isKnownDifference)) return null
  const theirs = await seenByRuntime(bytes)
  return { ours, theirs: theirs.slice(0, ours.length).map(inOurWords) }
}

/** Of an absolute-form target we give the path, and its authority as Host (RFC 9112 §3.2.2); it gives what was sent. */
function inOurWords({ method, target, headers, body }: Seen): Seen {
  const [, authority, path = target] = /^https?:\/\/([^/?]*)(.*)$/i.exec(target) ?? []
  return {
    method,
    // A question mark with nothing behind it leaves no trace in our events.
    target: (path.startsWith('/') || authority === undefined ? path : `/${path}`).replace(/^([^?]*)\?$/, '$1'),
    headers: headers.map((text, i) =>
      authority !== undefined && i % 2 === 1 && headers[i - 1] === 'host' ? authority : text,
    ),
    body,
  }
}

/** What is allowed here and not there, or read otherwise there, for good reason. */
function isKnownDifference({ method, headers, target }: Seen): boolean {
  // It knows a fixed list of methods.
  if (!METHODS.includes(method)) return true
  // It decides about upgrades, expectations and trailing spaces in its own way; ours are tested by themselves.
  if (
    headers.some(
      (text, i) =>
        i % 2 === 0 &&
        ['upgrade', 'expect', 'connection', 'proxy-connection', 'transfer-encoding', 'content-length'].includes(text) &&
        !/^(keep-alive|chunked|\d+)$/i.test(headers[i + 1] ?? ''),
    )
  )
    return true
  // `OPTIONS *`
  return !target.startsWith('/')
}
