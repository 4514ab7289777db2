/** A request of Node as the reading of its body sees it: how far that has come, and Node's own members that it uses. */
import type { IncomingMessage } from 'node:http'
import type { HeaderList, Input } from '@tsgi/spec'
import type { ClientSocket } from './client-socket.ts'

/** What a request needs of the exchange that it belongs to. */
export interface RequestOwner {
  /** Its response has finished: from then on `node:http` emits nothing but the rest of the body and its end. */
  readonly responseFinished: boolean
  /** No more of the body will be read: it has ended, it failed, or the listener destroyed the request. */
  bodyOver(): void
  /** Its body could not be read, and the listener does not ask for the error. */
  unreadable(error: unknown): void
}

/** How far the reading of a request's body has come. */
export interface RequestBody {
  readonly input: Input
  readonly socket: ClientSocket
  readonly owner: RequestOwner
  /** `absent`: the head announces none. */
  state: 'absent' | 'open' | 'ended' | 'failed'
  /** A read of the input has not settled. */
  reading: boolean
  /** What a read ahead of the listener rejected with; for the listener when it reads. */
  failure: { readonly error: unknown } | null
  /** The end of the request is no end of the connection: a response is still possible. */
  sparesResponse: boolean
  /** Bytes that nobody wanted, behind a response that is out. */
  dumped: number
}

/** `http.IncomingMessage` with a body that a TSGI server reads. */
export interface RequestWithBody extends IncomingMessage {
  readonly tsgiBody: RequestBody
  /** Node's own, underscored but long-lived: see decisions/0001. */
  readonly _addHeaderLines: (list: HeaderList, count: number) => void
  readonly _dump: () => void
  /** Absent in Node 22. */
  readonly _dumpAndCloseReadable: (() => void) | undefined
  readonly _consuming: boolean
  readonly _dumped: boolean
}
