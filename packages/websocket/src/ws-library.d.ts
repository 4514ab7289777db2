/** What is used of the `ws` library. Its own types leave out the codec. */
declare module 'ws' {
  import type { Buffer } from 'node:buffer'
  import type { Writable } from 'node:stream'

  /** Offers of an extension: each a set of parameters, and each parameter a list of values. */
  type ExtensionOffers = Record<string, (string | true)[]>[]

  export const extension: {
    /** @throws SyntaxError */
    parse(field: string): Record<string, ExtensionOffers>
    format(extensions: Record<string, readonly Record<string, unknown>[]>): string
  }

  export const subprotocol: {
    /** @throws SyntaxError */
    parse(field: string): Set<string>
  }

  export class PerMessageDeflate {
    static readonly extensionName: 'permessage-deflate'
    constructor(options: {
      readonly isServer: boolean
      readonly maxPayload: number
      readonly threshold: number
      readonly serverNoContextTakeover: boolean
      readonly clientNoContextTakeover: boolean
      readonly zlibDeflateOptions: { readonly level: number; readonly memLevel: number }
    })
    /** @throws Error where none of the offers can be accepted */
    accept(offers: ExtensionOffers): Record<string, unknown>
    cleanup(): void
  }

  type Extensions = { readonly 'permessage-deflate'?: PerMessageDeflate }

  interface ReceiverEvents {
    message: [data: Buffer<ArrayBuffer>, isBinary: boolean]
    ping: [data: Buffer]
    pong: [data: Buffer]
    conclude: [code: number, reason: Buffer]
  }

  type CodecError = Error & { readonly code?: string }

  export class Receiver extends Writable {
    constructor(options: {
      readonly isServer: boolean
      readonly extensions: Extensions
      readonly maxPayload: number
      readonly maxFragments: number
      readonly maxBufferedChunks: number
    })
    on<Name extends keyof ReceiverEvents>(event: Name, listener: (...args: ReceiverEvents[Name]) => void): this
    _write(bytes: Buffer, encoding: 'buffer', done: (error?: CodecError | null) => void): void
  }

  /** What a sender writes to. */
  interface FrameSink {
    readonly destroyed: boolean
    cork(): void
    uncork(): void
    write(part: Buffer | string, done?: () => void): void
  }

  export class Sender {
    constructor(sink: FrameSink, extensions: Extensions)
    send(
      data: string | Uint8Array,
      options: { readonly binary: boolean; readonly compress: boolean; readonly fin: boolean; readonly mask: boolean },
      done?: (error?: Error) => void,
    ): void
    ping(data: string | Uint8Array, mask: boolean): void
    pong(data: Uint8Array, mask: boolean): void
    close(code: number | undefined, reason: string, mask: boolean, done: () => void): void
  }
}
