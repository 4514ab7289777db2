import { parseCookie, stringifySetCookie } from 'cookie'

/** Names to values. Has no prototype, so a cookie called `constructor` is only there when the client sent it. */
export type Cookies = Readonly<Record<string, string | undefined>>

export interface CookieOptions {
  /** Seconds to live, a whole number; 0 or less deletes. Absent together with `expires`: until the browser closes. */
  readonly maxAge?: number | undefined
  readonly expires?: Date | undefined
  /** Sent to this host and those below it. Absent: to the answering host alone, which is the safer. */
  readonly domain?: string | undefined
  /** Begins with `/`. Absent: the folder of the request's path. */
  readonly path?: string | undefined
  /** Hidden from scripts. */
  readonly httpOnly?: boolean | undefined
  /** Sent over https (and to localhost) only. */
  readonly secure?: boolean | undefined
  /** `none` needs `secure`. */
  readonly sameSite?: 'strict' | 'lax' | 'none' | undefined
  /** One jar per top-level site; needs `secure`. */
  readonly partitioned?: boolean | undefined
}

/**
 * Reads a `cookie` field (several are joined with `'; '` first). Values are percent-decoded where they decode, else left
 * as sent; the first of two cookies with one name wins: browsers send the one with the longest path first.
 *
 * @example parseCookies('theme=dark; name=J%C3%BCrgen').name // 'Jürgen'
 */
export function parseCookies(field: string): Cookies {
  return parseCookie(field)
}

/**
 * The value of a `set-cookie` field. What a browser would ignore or read otherwise is refused here, where the mistake is,
 * rather than lost on the way.
 *
 * @throws TypeError when the name, an attribute or their combination is not valid (RFC 6265bis §4.1, §5.7)
 * @example serializeCookie('theme', 'dark', { path: '/', maxAge: 86_400 }) // 'theme=dark; Max-Age=86400; Path=/'
 */
export function serializeCookie(name: string, value: string, options: CookieOptions = {}): string {
  // The library also takes names of older practice, such as `a"b` and `a,b`.
  if (!TOKEN.test(name)) refuse(name, 'its name must be a token (RFC 9110 §5.6.2)')
  if (options.path !== undefined && !options.path.startsWith('/'))
    refuse(name, `path must begin with "/", got "${options.path}"`)
  if (options.sameSite === 'none' && !options.secure) refuse(name, 'sameSite "none" needs secure: true')
  if (options.partitioned && !options.secure) refuse(name, 'partitioned needs secure: true')
  checkPrefix(name, options)
  const field = stringifySetCookie(definedOnly(name, value, options))
  const pair = field.indexOf(';')
  if ((pair === -1 ? field.length : pair) > MAX_PAIR) {
    refuse(
      name,
      `name and value must be at most ${MAX_PAIR} bytes when encoded; keep the data elsewhere and an id here`,
    )
  }
  return field
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** RFC 6265bis §5.7: browsers ignore a cookie whose name and value are longer together. One byte is for `=`. */
const MAX_PAIR = 4097

/** RFC 6265bis §4.1.3: a browser drops a prefixed cookie that does not keep the prefix's promise; it matches without case. */
function checkPrefix(name: string, options: CookieOptions): void {
  const prefix = /^__(host|secure)-/i.exec(name)?.[1]?.toLowerCase()
  if (prefix === undefined) return
  if (!options.secure) refuse(name, `the prefix "__${prefix}-" needs secure: true`)
  if (prefix === 'host' && (options.path !== '/' || options.domain !== undefined)) {
    refuse(name, 'the prefix "__host-" needs path: "/" and no domain')
  }
}

/** The library's types do not take `undefined` for an absent attribute. */
function definedOnly(name: string, value: string, options: CookieOptions): Parameters<typeof stringifySetCookie>[0] {
  const given = Object.entries(options).filter(([, attribute]) => attribute !== undefined)
  return { ...Object.fromEntries(given), name, value }
}

function refuse(name: string, reason: string): never {
  throw new TypeError(`cookie "${name}" was not set: ${reason}`)
}
