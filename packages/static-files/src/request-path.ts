/** What a request asks for, in names of the file system: the first of the walls that keep it under the root. */

export interface RequestPath {
  /** Decoded, each a plain name: never empty, `.`, `..`, or with a separator in it. */
  readonly segments: readonly string[]
  /** It ends in a slash: only a folder can be meant. */
  readonly folder: boolean
}

/**
 * Decodes each segment of a path once.
 *
 * @returns `malformed`: no URL path at all, to be answered 400. `unfit`: a path, but one that names no file.
 */
export function decodePath(
  pathInfo: string,
  windows: boolean = process.platform === 'win32',
): RequestPath | 'malformed' | 'unfit' {
  // A mount asked for without a slash: the root, but not as a folder.
  if (pathInfo === '') return { segments: [], folder: false }
  if (!pathInfo.startsWith('/')) return 'unfit'
  const segments: string[] = []
  const raw = pathInfo.slice(1).split('/')
  const folder = raw.at(-1) === ''
  if (folder) raw.pop()
  let fit = true
  for (const text of raw) {
    const segment = decodeSegment(text)
    // The whole path is looked at first: a malformed one is malformed whatever else it is.
    if (segment === null || segment.includes('\0')) return 'malformed'
    if (!isPlainName(segment, windows)) fit = false
    segments.push(segment)
  }
  return fit ? { segments, folder } : 'unfit'
}

/** `null` for a bad escape, and for one that is no UTF-8 (overlong forms are none). */
export function decodeSegment(text: string): string | null {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

// Streams and drives (`:`), short names (`~1`) that would get around the dot rule, names that Windows trims, and devices.
const UNFIT_ON_WINDOWS = /[:*?"<>|]|~\d|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

function isPlainName(segment: string, windows: boolean): boolean {
  if (segment === '' || segment === '.' || segment === '..') return false
  // An encoded slash stays inside its segment, and no file name has one; a backslash separates on some systems.
  if (segment.includes('/') || segment.includes('\\')) return false
  return !(windows && UNFIT_ON_WINDOWS.test(segment))
}

/** `/.well-known/` is made to be served (RFC 8615); any other name with a dot in front is hidden. */
export function hasDotfile({ segments }: RequestPath): boolean {
  return segments.some((segment, i) => segment.startsWith('.') && !(i === 0 && segment === '.well-known'))
}
