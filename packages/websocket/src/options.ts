import type { HeaderList } from '@tsgi/spec'

/** How messages are compressed (RFC 7692). */
export interface CompressionOptions {
  /** Of zlib, 0–9. Default 6. */
  readonly level?: number
  /** Messages of fewer bytes are sent as they are. Default 1024. */
  readonly threshold?: number
}

export interface WebSocketOptions {
  /** The subprotocols that the handler speaks. The first of the client's that is among them is agreed on. Default none. */
  readonly protocols?: readonly string[]
  /** Bytes of a message, also once it is decompressed; for a larger one the connection is closed with 1009. Default 1 MiB. */
  readonly maxPayload?: number
  /** Agree on compression with clients that offer it. Default `false`: it costs memory and time for each connection. */
  readonly compression?: boolean | CompressionOptions
  /**
   * Whose pages may connect: `'same'`, those of the host that they connect to; `'any'`; or a list of origins such as
   * `https://example.com`. A client that sends no `origin` is no browser, and always may. Default `'same'`.
   */
  readonly origins?: 'same' | 'any' | readonly string[]
  /**
   * A client from which nothing was received for this long is taken for gone. After half of it it is sent a ping, to which every
   * client replies. While more messages wait than are kept, nothing is read from it: then it is given up where the handler takes
   * none for this long. In milliseconds; 0 waits for ever. Default 60,000.
   */
  readonly idleTimeout?: number
  /** How long a client may take to answer a close, in milliseconds. Default 5,000. */
  readonly closeTimeout?: number
  /** Bytes that may wait for a client that reads slowly while messages are sent in spite of that. Default 16 MiB. */
  readonly maxBacklog?: number
  /** Further fields of the response to the handshake. */
  readonly headers?: HeaderList
}

export interface Settings {
  readonly protocols: readonly string[]
  readonly maxPayload: number
  readonly compression: Required<CompressionOptions> | null
  readonly origins: 'same' | 'any' | readonly string[]
  readonly idleTimeout: number
  readonly closeTimeout: number
  readonly maxBacklog: number
  readonly headers: HeaderList
}

/** @throws RangeError for a number that is not one of those described, and for a text that names no origin */
export function settingsOf(options: WebSocketOptions): Settings {
  const { compression = false } = options
  return {
    protocols: options.protocols ?? [],
    maxPayload: whole('maxPayload', options.maxPayload, 1024 * 1024, 1, 2 ** 31 - 1),
    compression: compression === false ? null : compressionOf(compression === true ? {} : compression),
    origins: originsOf(options.origins ?? 'same'),
    idleTimeout: whole('idleTimeout', options.idleTimeout, 60_000, 0, 2 ** 31 - 1),
    closeTimeout: whole('closeTimeout', options.closeTimeout, 5_000, 0, 2 ** 31 - 1),
    maxBacklog: whole('maxBacklog', options.maxBacklog, 16 * 1024 * 1024, 0, Number.MAX_SAFE_INTEGER),
    headers: options.headers ?? [],
  }
}

function originsOf(origins: 'same' | 'any' | readonly string[]): 'same' | 'any' | readonly string[] {
  if (origins === 'same' || origins === 'any') return origins
  return origins.map((text) => {
    const origin = URL.parse(text)?.origin ?? 'null'
    if (origin !== 'null') return origin
    throw new RangeError(
      `origins: expected 'same', 'any' or origins such as https://example.com, got ${JSON.stringify(text)}`,
    )
  })
}

const compressionOf = ({ level, threshold }: CompressionOptions): Required<CompressionOptions> => ({
  level: whole('compression.level', level, 6, 0, 9),
  threshold: whole('compression.threshold', threshold, 1024, 0, Number.MAX_SAFE_INTEGER),
})

function whole(name: string, value: number | undefined, usual: number, least: number, most: number): number {
  if (value === undefined) return usual
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${name}: expected a whole number from ${least} to ${most}, got ${String(value)}`)
}
