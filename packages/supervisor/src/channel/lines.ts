/** Messages on the channel are JSON, one to a line. */

/** The longest line that is read, in bytes: room for access records or compiled code, and all that a worker can make its supervisor hold. */
export const LINE_LIMIT: number = 8 * 2 ** 20

const NEWLINE = 10

/**
 * Cuts what arrives into lines, and holds what is not a whole line yet.
 *
 * @returns a function that takes bytes, and returns `false` when the line is longer than `limit`; it takes no more after that
 */
export function lineReader(onLine: (line: string) => void, limit: number = LINE_LIMIT): (bytes: Buffer) => boolean {
  let held = Buffer.alloc(0)
  let length = 0
  /** Doubles the room, so that a line that arrives in small pieces is not copied once for each. */
  const hold = (bytes: Buffer): void => {
    if (held.length < length + bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(1024, 2 * (length + bytes.length)))
      held.copy(larger, 0, 0, length)
      held = larger
    }
    length += bytes.copy(held, length)
  }
  return (bytes) => {
    let start = 0
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      if (length + end - start > limit) return false
      if (length === 0) onLine(bytes.toString('utf8', start, end))
      else {
        hold(bytes.subarray(start, end))
        const line = held.toString('utf8', 0, length)
        held = Buffer.alloc(0)
        length = 0
        onLine(line)
      }
      start = end + 1
    }
    if (length + bytes.length - start > limit) return false
    if (start < bytes.length) hold(bytes.subarray(start))
    return true
  }
}
