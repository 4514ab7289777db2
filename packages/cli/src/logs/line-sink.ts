/**
 * Where lines go that a server must not wait for and must not die of: a descriptor that may be a file on a full disk, a pipe
 * whose reader is slow or gone, a terminal. Lines are gathered and written in the background, one write at a time; what cannot
 * be written is dropped and counted.
 */
import { closeSync, write, writeSync } from 'node:fs'

export interface LineSink {
  /** Takes text that ends in a newline. Never throws, never waits. */
  write(lines: string): void
  /** Lines lost since the start. */
  readonly dropped: number
  /** From now on lines go to this descriptor. The one before is closed once nothing is written to it. */
  replace(fd: number): void
  /** Writes what is gathered, now and synchronously, as far as that goes: for the end of the process. */
  flushSync(): void
}

export interface LineSinkOptions {
  /** How long lines are gathered before they are written, in milliseconds. */
  readonly delay: number
  /** Told when lines begin to be lost. */
  readonly onLost?: (reason: string) => void
  /** Told when writing works again, with the number of lines lost in between. */
  readonly onRecovered?: (lines: number) => void
}

/** Beyond this, in characters, a reader that does not read costs lines instead of memory. */
const MAX_GATHERED = 1024 * 1024

/** As much as is written at once without waiting for the delay. */
const BATCH = 32 * 1024

/** After a write that failed, so that a full disk costs next to nothing. */
const RETRY_DELAY = 100

const NEWLINE = 10

export function lineSink(
  first: number,
  { delay, onLost = () => {}, onRecovered = () => {} }: LineSinkOptions,
): LineSink {
  let fd = first
  /** The one before, while something is written to it. */
  let leaving: number | null = null
  /** Not yet given to a write. */
  let gathered = ''
  /** Being written; it starts with the next byte to be written. */
  let batch: Buffer | null = null
  /** A write was given to the system and has not come back. */
  let writing = false
  let timer: NodeJS.Timeout | undefined
  let dropped = 0
  /** Lines lost since writing last worked. */
  let lost = 0
  /** The last thing that reached the descriptor was a part of a line. */
  let torn = false

  function lose(lines: number, reason: string): void {
    dropped += lines
    lost += lines
    if (lost === lines && lines > 0) onLost(reason)
  }

  function later(what: () => void, after: number): void {
    clearTimeout(timer)
    timer = setTimeout(what, after)
    timer.unref()
  }

  function takeBatch(): void {
    timer = undefined
    if (gathered === '') return
    batch = Buffer.from(torn ? `\n${gathered}` : gathered)
    gathered = ''
    writeBatch()
  }

  function writeBatch(): void {
    timer = undefined
    writing = true
    const to = fd
    write(to, batch as Buffer, (error, count) => {
      writing = false
      leave()
      if (error === null) advance(count, to)
      else if (error.code === 'EAGAIN') later(writeBatch, RETRY_DELAY)
      else giveUp(error.code ?? error.message)
    })
  }

  function leave(): void {
    if (leaving !== null) closeSync(leaving)
    leaving = null
  }

  function advance(count: number, to: number): void {
    const rest = (batch as Buffer).subarray(count)
    if (rest.length > 0) {
      torn = (batch as Buffer)[count - 1] !== NEWLINE
      batch = to === fd || !torn ? rest : withoutFirstLine(rest)
      if (to !== fd) torn = false
      if (batch.length === 0) return advance(0, fd)
      return writeBatch()
    }
    batch = null
    torn = false
    if (lost > 0) {
      const lines = lost
      lost = 0
      onRecovered(lines)
    }
    if (gathered !== '') later(takeBatch, gathered.length < BATCH ? delay : 0)
  }

  function giveUp(reason: string): void {
    const lines = countLines(batch as Buffer)
    batch = null
    lose(lines, reason)
    if (gathered !== '') later(takeBatch, RETRY_DELAY)
  }

  return {
    write(lines) {
      if (gathered.length >= MAX_GATHERED) return lose(countLines(Buffer.from(lines)), 'nobody reads it fast enough')
      gathered += lines
      if (batch !== null) return
      if (gathered.length >= BATCH && lost === 0) {
        clearTimeout(timer)
        takeBatch()
      } else if (timer === undefined) later(takeBatch, delay)
    },
    replace(next) {
      // A file that was moved away twice while one write waits: that one ends in the first of them.
      if (writing && leaving === null) leaving = fd
      else closeSync(fd)
      fd = next
      torn = false
    },
    get dropped() {
      return dropped
    },
    flushSync() {
      clearTimeout(timer)
      timer = undefined
      // What the system already has may be written or not; writing it again could only repeat it.
      const waiting = batch === null || writing ? '' : batch.toString()
      let rest = Buffer.from(waiting + (torn && waiting === '' ? '\n' : '') + gathered)
      if (!writing) batch = null
      gathered = ''
      try {
        while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest))
      } catch (error) {
        lose(countLines(rest), (error as NodeJS.ErrnoException).code ?? String(error))
      }
    },
  }
}

/** The rest of a line that ended in another file is of no use at the start of this one. */
const withoutFirstLine = (bytes: Buffer): Buffer => bytes.subarray(bytes.indexOf(NEWLINE) + 1 || bytes.length)

function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines++
  return lines
}
