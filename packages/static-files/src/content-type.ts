import { mimes } from 'mrmime'

// The library leaves out vendors' types. These are the ones that browsers show or play; the others they save to disk, which
// is what they do with application/octet-stream as well.
const VENDOR_TYPES: ReadonlyMap<string, string> = new Map([
  ['ico', 'image/vnd.microsoft.icon'],
  ['flac', 'audio/flac'],
  ['m3u8', 'application/vnd.apple.mpegurl'],
  ['m4v', 'video/x-m4v'],
  ['mkv', 'video/matroska'],
])

/**
 * The content type for a file's name, with `charset=utf-8` where it is text; `application/octet-stream` where the name says
 * nothing.
 */
export function contentType(name: string, types: ReadonlyMap<string, string>): string {
  const dot = name.lastIndexOf('.')
  const extension = name.slice(dot + 1).toLowerCase()
  if (dot <= 0 || extension === '') return 'application/octet-stream'
  const own = types.get(extension)
  if (own !== undefined) return own
  // Not the library's lookup(): it finds a type for `html` without a dot, and for `.constructor`.
  const known = Object.hasOwn(mimes, extension) ? mimes[extension] : VENDOR_TYPES.get(extension)
  const type = known ?? 'application/octet-stream'
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type
}
