/** What a connection has to do in this turn of the event loop, the least first. One thing at a time: a greater one does what a smaller one would. */

export const NOTHING_DUE = 0
/** What was gathered leaves after what runs now, all in one write. */
export const FLUSH_DUE = 1
/** The next request is looked at after what runs now. */
export const REQUESTS_DUE = 2
/** Requests are being answered. */
export const ANSWERS = 3
/** The same, started by a read alone, and by no call of the application. */
export const ANSWERS_A_READ = 4

export type Turn = typeof NOTHING_DUE | typeof FLUSH_DUE | typeof REQUESTS_DUE | typeof ANSWERS | typeof ANSWERS_A_READ
