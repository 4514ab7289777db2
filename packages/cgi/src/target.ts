/** The forms of a request target (RFC 9112 §3.2), as a gateway passes it on. */

export interface Target {
  /** As sent; `*` with OPTIONS. */
  readonly path: string
  readonly query: string
  /** Of an absolute target: it wins over Host. */
  readonly authority: string | null
}

/** Visible ASCII but `#`. */
const VISIBLE = /^[\x21\x22\x24-\x7e]+$/
const ABSOLUTE = /^https?:\/\/([^/?]*)/i

/** @returns a text where it is not a target: what was expected */
export function readTarget(method: string, text: string): Target | string {
  if (method === 'CONNECT') return 'CONNECT is not served'
  if (!VISIBLE.test(text)) return "expected a REQUEST_URI of visible ASCII without '#'"
  if (text === '*')
    return method === 'OPTIONS' ? { path: '*', query: '', authority: null } : 'the target * goes with OPTIONS only'
  const target = text.startsWith('/') ? ofPath(text) : ofUrl(text)
  if (target === null) return 'expected a REQUEST_URI that begins with /, or an http URL'
  return target.path.includes('\\') ? 'expected no backslash in a path' : target
}

function ofPath(text: string): Target {
  const mark = text.indexOf('?')
  return mark < 0
    ? { path: text, query: '', authority: null }
    : { path: text.slice(0, mark), query: text.slice(mark + 1), authority: null }
}

function ofUrl(text: string): Target | null {
  const [front, authority] = ABSOLUTE.exec(text) ?? []
  if (front === undefined || authority === undefined) return null
  const { path, query } = ofPath(text.slice(front.length))
  return { path: path === '' ? '/' : path, query, authority }
}
