export type Coding = 'br' | 'gzip' | 'zstd'

export interface CompressionOptions {
  /** The codings to choose from, the favourite first; the client's quality values go before. Default zstd, br, gzip. */
  readonly codings?: readonly Coding[]
  /** Bodies that are known to have fewer bytes are sent as they are. Default 1024. */
  readonly threshold?: number
  /** How hard each coding works: gzip 0–9, br 0–11, zstd 1–19. Default 6, 4 and 3. */
  readonly levels?: Readonly<Partial<Record<Coding, number>>>
  /** Whether a body of this media type, in lower case and without parameters, is worth it. Default: text, JSON, XML, fonts and the like. */
  readonly compressible?: (type: string) => boolean
}

export interface Settings {
  readonly codings: readonly Coding[]
  readonly threshold: number
  readonly levels: Readonly<Record<Coding, number>>
  readonly compressible: (type: string) => boolean
}

const RANGES: Readonly<Record<Coding, readonly [least: number, usual: number, most: number]>> = {
  br: [0, 4, 11],
  gzip: [0, 6, 9],
  zstd: [1, 3, 19],
}

/** @throws RangeError for a coding, a level or a threshold that there is not */
export function settingsOf(options: CompressionOptions): Settings {
  const { codings = ['zstd', 'br', 'gzip'], threshold = 1024, levels = {} } = options
  for (const coding of codings) {
    if (!Object.hasOwn(RANGES, coding))
      throw new RangeError(`codings: expected br, gzip or zstd, got ${String(coding)}`)
  }
  if (!Number.isSafeInteger(threshold) || threshold < 0) {
    throw new RangeError(`threshold: expected a whole number of bytes, got ${String(threshold)}`)
  }
  const level = (coding: Coding): number => {
    const [least, usual, most] = RANGES[coding]
    const value = levels[coding] ?? usual
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new RangeError(`levels.${coding}: expected a whole number from ${least} to ${most}, got ${String(value)}`)
  }
  return {
    codings,
    threshold,
    levels: { br: level('br'), gzip: level('gzip'), zstd: level('zstd') },
    compressible: options.compressible ?? isCompressible,
  }
}

const TYPES = new Set([
  'application/javascript',
  'application/json',
  'application/manifest+json',
  'application/vnd.ms-fontobject',
  'application/wasm',
  'application/x-javascript',
  'application/x-ndjson',
  'application/xml',
  'font/otf',
  'font/ttf',
  'image/bmp',
  'image/svg+xml',
  'image/x-icon',
])

const isCompressible = (type: string): boolean =>
  type.startsWith('text/') ||
  TYPES.has(type) ||
  type.endsWith('+json') ||
  type.endsWith('+xml') ||
  type.endsWith('+text')
