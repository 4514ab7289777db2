import type { Awaitable } from './awaitable.ts'
import type { BodyWriter } from './body.ts'
import type { HeaderList } from './header-list.ts'
import type { Input } from './input.ts'

/** Owns a connection after an upgrade: reads what the client sends, writes what it is to receive. */
export type UpgradeHandler = (input: Input, out: BodyWriter) => Awaitable<void>

/**
 * Live services of the server for one request; shared by copies of its environ. An absent optional member means: not
 * possible here, or not asked for. Call members on the context (`environ.server.flush()`), not detached from it.
 */
export interface ServerContext {
  /** The server's name and version, such as `tsgi-event-loop/1.0.0`. */
  readonly name: string
  /** Made when first asked for. Aborts only when the client leaves before the response is complete. */
  readonly signal: AbortSignal
  /**
   * Made when first asked for. Aborts when the server begins to stop, or this process to be replaced, before the response is complete:
   * time to end an event stream or to say goodbye on a WebSocket. `undefined` where the host is not notified of its end.
   */
  readonly draining?: AbortSignal | undefined
  /** Calls `fn` once after the response ended: without an argument when it was sent whole, else with what went wrong. */
  onFinish(fn: (error?: unknown) => void): void
  /** Sends now the head and what a body has yielded so far: for generators (server-sent events). */
  flush(): void
  /** Sends a `103 Early Hints` response (RFC 8297) with these fields. Ignored once the head was sent. */
  earlyHints?(this: ServerContext, headers: HeaderList): void
  /** Registers the fields that follow a chunked body (RFC 9112 §7.1.2); `produce` is called after the last chunk. */
  trailers?(this: ServerContext, produce: () => HeaderList): void
  /**
   * Present only when the client asked for one of `protocols` by Upgrade. Return its result instead of calling
   * `startResponse`: the server answers 101, writing `connection` and `upgrade` itself, then `run` owns the connection.
   */
  upgrade?(this: ServerContext, protocol: string, headers: HeaderList, run: UpgradeHandler): null
}
