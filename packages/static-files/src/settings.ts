import type { Application } from '@tsgi/spec'

/** Content codings of files that lie beside the original: `app.js.br`, `app.js.zst`, `app.js.gz`. */
export type Coding = 'br' | 'zstd' | 'gzip'

export interface MemoryOptions {
  /** Bytes of file content kept in memory, in all. Default 64 MiB; 0 keeps nothing. */
  readonly total?: number | undefined
  /**
   * Files up to this size are read whole. Larger ones are streamed; blocks of those that are asked for again and again are kept
   * as well, if the whole file takes a quarter of `total` at most. Bytes, default 256 KiB.
   */
  readonly perFile?: number | undefined
  /** How long what is known of a file is taken for true before the file system is asked again. Milliseconds, default 1000. */
  readonly recheckAfter?: number | undefined
}

export interface StaticOptions {
  /** Gets every request that no file answers, and every method but GET and HEAD. Without it those are 404 and 405. */
  readonly fallback?: Application | undefined
  /** What a folder shows: the first of these names that exists in it. Default `index.html`; `false` for none. */
  readonly index?: string | readonly string[] | false | undefined
  /** Serve names that begin with a dot. Default false; `/.well-known/` is always served. */
  readonly dotfiles?: boolean | undefined
  /** Follow symbolic links that lead out of the root. Default false; those that stay within are always followed. */
  readonly followLinks?: boolean | undefined
  /** Show the content of a folder that has no index file. Default false. */
  readonly listing?: boolean | undefined
  /** Value of the `cache-control` field; `null` for no such field. Default `no-cache`: keep, but ask before use. */
  readonly cacheControl?: string | null | undefined
  /**
   * Files that never change under their name, to be cached for a year: a pattern that is tested against the path from the root
   * (`assets/app.js`), or `true` for {@link HASHED_NAME}. Default false.
   */
  readonly immutable?: boolean | RegExp | undefined
  /** Codings to look for beside each file, the server's favourite first. Default `true`: br, zstd, gzip. */
  readonly precompressed?: boolean | readonly Coding[] | undefined
  /**
   * Single page application: the page, relative to the root, that answers paths without a file and without an extension, to
   * clients that accept HTML. `true` for `index.html`. Default false.
   */
  readonly spa?: boolean | string | undefined
  /** A request for more ranges than this gets the whole file. Default 16; 0 answers no range at all. */
  readonly maxRanges?: number | undefined
  /** Content types by extension (lower case, without the dot), before those of the MIME library. */
  readonly types?: Readonly<Record<string, string>> | undefined
  readonly memory?: MemoryOptions | undefined
}

/**
 * A file name with the hash of its content, as bundlers write it: at least eight hexadecimal or base64url characters after a
 * dot or a hyphen, before the extension. A hash without a digit or without a letter is taken for a word or a number.
 */
export const HASHED_NAME: RegExp =
  /[.-](?:(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{8,}|(?=[^./]*[a-z])(?=[^./]*[A-Z])(?=[^./]*\d)[\w-]{8,})\.[^/]+$/

/** The options with every default filled in. */
export interface Settings {
  readonly index: readonly string[]
  readonly dotfiles: boolean
  readonly followLinks: boolean
  readonly listing: boolean
  readonly cacheControl: string | null
  readonly immutable: RegExp | null
  readonly codings: readonly Coding[]
  readonly spa: string | null
  readonly maxRanges: number
  readonly types: ReadonlyMap<string, string>
  readonly memoryTotal: number
  readonly memoryPerFile: number
  readonly recheckAfter: number
}

/** @throws TypeError or RangeError naming the option that cannot be */
export function settle(options: StaticOptions): Settings {
  const { index = 'index.html', precompressed = true, memory = {} } = options
  return {
    index: index === false ? [] : typeof index === 'string' ? [index] : index,
    dotfiles: options.dotfiles ?? false,
    followLinks: options.followLinks ?? false,
    listing: options.listing ?? false,
    cacheControl: options.cacheControl === undefined ? 'no-cache' : options.cacheControl,
    immutable: immutablePattern(options.immutable ?? false),
    codings: precompressed === true ? ['br', 'zstd', 'gzip'] : precompressed === false ? [] : precompressed,
    spa: options.spa === true ? 'index.html' : options.spa || null,
    maxRanges: count('maxRanges', options.maxRanges ?? 16),
    types: new Map(Object.entries(options.types ?? {})),
    memoryTotal: count('memory.total', memory.total ?? 64 * 1024 * 1024),
    memoryPerFile: count('memory.perFile', memory.perFile ?? 256 * 1024),
    recheckAfter: count('memory.recheckAfter', memory.recheckAfter ?? 1000),
  }
}

/** Without the flags that make a pattern remember where it was. */
function immutablePattern(immutable: boolean | RegExp): RegExp | null {
  if (immutable === false) return null
  const pattern = immutable === true ? HASHED_NAME : immutable
  return new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''))
}

function count(name: string, value: number): number {
  if (value >= 0) return value
  throw new RangeError(`static files: expected ${name} to be 0 or more, got ${value}`)
}
