/** Bytes in and out of one connection: what the protocol needs of a socket, so that TLS or a test can stand in its place. */
import type { Duplex } from 'node:stream'

export interface Transport {
  readonly remoteAddress: string | null
  readonly remotePort: number | null
  readonly localAddress: string | null
  readonly localPort: number | null
  /** Bytes received so far. */
  readonly received: number
  /** {@link TransportEvents.onData} is called by the runtime's own reading, never by what another call of it has scheduled. */
  readonly readsInOwnContext: boolean
  /** Bytes written that the kernel has not taken yet. Grows and falls; a change means that the peer is reading. */
  readonly queued: number
  /** Writes text of one character per byte. `false`: wait for {@link TransportEvents.onDrain} before more. */
  writeLatin1(text: string): boolean
  writeBytes(parts: readonly Uint8Array[]): boolean
  /** Calls back when all that was written so far is with the kernel, unless the connection is destroyed before. */
  whenDrained(callback: () => void): void
  /** Asks the kernel whether the peer has reset, which says so to a reader only behind all that the peer sent before. */
  probe(): void
  pause(): void
  resume(): void
  /** Half-closes after what was written. */
  end(): void
  /**
   * Lets go of the connection, which has not written: nothing is reported from now on.
   *
   * @param unread received bytes, which the next reader of the socket gets first
   * @returns `null` where there is no socket
   */
  release(unread: Buffer): Duplex | null
  /** Ends at once; unsent bytes are lost. With `reset`, the peer cannot take it for an orderly end. */
  destroy(reset: boolean): void
}

export interface TransportEvents {
  /** The first `length` of `bytes` came. They are lent for the time of the call. */
  onData(bytes: Buffer, length: number): void
  /** The peer half-closed. */
  onEnd(): void
  onDrain(): void
  /** The last event: both directions are closed. */
  onClose(error: Error | undefined): void
}
