/** The forms of a request target (RFC 9112 §3.2). */
import { isAuthority } from './authority.ts'
import { Fault } from './fault.ts'

export interface Target {
  readonly path: string
  readonly query: string
  /** Of an absolute-form target: it wins over Host. */
  readonly authority: string | null
}

const ROOT: Target = Object.freeze({ path: '/', query: '', authority: null })

const ABSOLUTE_FORM = /^https?:\/\/([^/?]*)([^?]*)(?:\?(.*))?$/is

export function readTarget(method: string, target: string): Target | Fault {
  if (method === 'CONNECT') return new Fault(501, 'CONNECT is not served')
  if (target.charCodeAt(0) === 0x2f) return target.length === 1 ? ROOT : splitQuery(target)
  if (target === '*') {
    if (method === 'OPTIONS') return { path: '*', query: '', authority: null }
    return new Fault(400, 'the target * goes with OPTIONS only')
  }
  const absolute = ABSOLUTE_FORM.exec(target)
  if (absolute === null) return new Fault(400, 'a request target is a path that begins with /, or an http URL')
  const [, authority = '', path = '', query = ''] = absolute
  if (!isAuthority(authority)) return new Fault(400, 'the authority of the target is not host[:port]')
  if (path.includes('\\')) return new Fault(400, 'no backslash in a path')
  // 9112 §3.2.4: an absolute-form target without path or query, with OPTIONS, means the server as a whole.
  const whole = method === 'OPTIONS' && path === '' && !target.includes('?')
  return { path: whole ? '*' : path === '' ? '/' : path, query, authority }
}

function splitQuery(target: string): Target | Fault {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  if (path.includes('\\')) return new Fault(400, 'no backslash in a path')
  return { path, query: mark < 0 ? '' : target.slice(mark + 1), authority: null }
}
