/**
 * The states of a connection: what it does with the bytes that it receives, what it does with those that it sends, and the
 * moves between them.
 *
 *                 ┌────────────────────── rest ◀──────────────────────┐ the response is over, the body was not read whole
 *                 ▼                                                   │
 *     reading   idle ──▶ head ──▶ expected ──▶ body ──▶ ahead ──▶ foreign     … ──▶ discarding
 *                 ▲                              │        │
 *                 └──────────────────────────────┴────────┘ the response is over
 *
 *     writing   ready ◀──▶ answering ──▶ upgraded ──▶ closing ──▶ lingering ──▶ closed
 *
 * Neither half can move without the other where the two are coupled: {@link MOVES} has each move with the states that it
 * starts from and those that it ends in, of both halves. A move that is not in the table does not happen. So what cannot be,
 * such as a request that is read behind the last response, cannot be written either; `states.test.ts` lists the pairs that
 * can be reached.
 *
 * A state is one bit, so that a set of states is one number and a move costs two comparisons.
 */

/** Nothing of a next request has been received. */
export const IDLE = 1
/** A part of a request's head has been received. */
export const HEAD = 2
/** The request is with the application; its client sends the body once it is told to continue (RFC 9110 §10.1.1). */
export const EXPECTED = 4
/** The request is with the application, which may read the body. */
export const BODY = 8
/** The request was read whole; what is received meanwhile belongs to the next. */
export const AHEAD = 16
/** The response is over; what is left of the request's body is thrown away (RFC 9112 §9.3). */
export const REST = 32
/** No request follows; all that is received is thrown away. */
export const DISCARDING = 64
/** What is received belongs to another protocol. */
export const FOREIGN = 128

export type ReadingState =
  | typeof IDLE
  | typeof HEAD
  | typeof EXPECTED
  | typeof BODY
  | typeof AHEAD
  | typeof REST
  | typeof DISCARDING
  | typeof FOREIGN

/** No response is due. */
export const READY = 1
/** A request is with the application, and its response is not written whole. */
export const ANSWERING = 2
/** The last response is written; our side closes once the kernel has all of it. */
export const CLOSING = 4
/**
 * Our side is closed, and the client may still send: received bytes are thrown away for a while, so that no reset makes the
 * client lose the last response (RFC 9112 §9.6).
 */
export const LINGERING = 8
/** What is sent belongs to another protocol. */
export const UPGRADED = 16
export const CLOSED = 32

export type WritingState =
  | typeof READY
  | typeof ANSWERING
  | typeof CLOSING
  | typeof LINGERING
  | typeof UPGRADED
  | typeof CLOSED

/** A move of both halves. It happens only from one of the named states of each. */
export interface Move {
  /** States of reading that it starts from, as a sum. */
  readonly fromReading: number
  /** States of writing that it starts from, as a sum. */
  readonly fromWriting: number
  readonly reading: ReadingState
  readonly writing: WritingState
}

const ANY_READING = IDLE | HEAD | EXPECTED | BODY | AHEAD | REST | DISCARDING | FOREIGN

const move = (fromReading: number, fromWriting: number, reading: ReadingState, writing: WritingState): Move => ({
  fromReading,
  fromWriting,
  reading,
  writing,
})

export interface Moves {
  /** The first byte of a request was received. */
  readonly headBegins: Move
  /** A request without a body. */
  readonly request: Move
  /** A request whose body may be on its way. */
  readonly requestWithBody: Move
  /** A request whose client waits for `100 Continue`. */
  readonly requestThatExpects: Move
  /** The application reads a body whose client waits: it is told to send it. */
  readonly continues: Move
  /** The application has read the body to its end. */
  readonly bodyEnds: Move
  /** The response is written and the connection is kept. */
  readonly answered: Move
  /** The same, and a part of the body was not read. One that was never asked for cannot be skipped: it may never be sent. */
  readonly answeredEarly: Move
  /** The rest of the body has been thrown away. */
  readonly restEnds: Move
  /** Nothing is read or answered after this. */
  readonly last: Move
  /** 101 was sent. Only a request that was read whole can switch protocols (RFC 9110 §7.8). */
  readonly upgrade: Move
  /** All that was written is with the kernel. */
  readonly lingers: Move
  /** Both directions are closed, by whichever side. */
  readonly gone: Move
}

/** Each move: the states that it starts from, of reading and of writing, and those that it ends in. */
export const MOVES: Moves = {
  headBegins: move(IDLE, READY, HEAD, READY),
  request: move(IDLE | HEAD, READY, AHEAD, ANSWERING),
  requestWithBody: move(IDLE | HEAD, READY, BODY, ANSWERING),
  requestThatExpects: move(IDLE | HEAD, READY, EXPECTED, ANSWERING),
  continues: move(EXPECTED, ANSWERING, BODY, ANSWERING),
  bodyEnds: move(BODY, ANSWERING, AHEAD, ANSWERING),
  answered: move(BODY | AHEAD, ANSWERING, IDLE, READY),
  answeredEarly: move(BODY, ANSWERING, REST, READY),
  restEnds: move(REST, READY, IDLE, READY),
  last: move(ANY_READING, READY | ANSWERING | UPGRADED, DISCARDING, CLOSING),
  upgrade: move(AHEAD, ANSWERING, FOREIGN, UPGRADED),
  lingers: move(DISCARDING, CLOSING, DISCARDING, LINGERING),
  gone: move(ANY_READING, READY | ANSWERING | CLOSING | LINGERING | UPGRADED, DISCARDING, CLOSED),
}
