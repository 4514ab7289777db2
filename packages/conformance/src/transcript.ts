/** What went over the connections of one case, to be shown with visible line ends. */

type Entry =
  | { readonly kind: 'sent' | 'received'; readonly connection: number; bytes: Buffer; size: number }
  | { readonly kind: 'event'; readonly connection: number; readonly text: string }

/** Bytes of one entry that are kept: a download of 20 MB is not shown whole. */
const KEPT = 4096
const SHOWN_LINES = 60

export class Transcript {
  readonly #entries: Entry[] = []
  #connections = 0

  /** The number of a new connection. */
  open(): number {
    this.#connections++
    return this.#connections
  }

  bytes(kind: 'sent' | 'received', connection: number, bytes: Uint8Array): void {
    const last = this.#entries.at(-1)
    if (last !== undefined && last.kind === kind && last.connection === connection) {
      last.size += bytes.length
      if (last.bytes.length < KEPT)
        last.bytes = Buffer.concat([last.bytes, bytes.subarray(0, KEPT - last.bytes.length)])
      return
    }
    this.#entries.push({ kind, connection, bytes: Buffer.from(bytes.subarray(0, KEPT)), size: bytes.length })
  }

  event(connection: number, text: string): void {
    this.#entries.push({ kind: 'event', connection, text })
  }

  /** One line for each line of the wire: `→` sent, `←` received, `␍␊` where a line ends. */
  toString(): string {
    const lines: string[] = []
    for (const entry of this.#entries) {
      const mark = this.#connections > 1 ? `${entry.connection} ` : ''
      if (entry.kind === 'event') {
        lines.push(`${mark}· ${entry.text}`)
        continue
      }
      const arrow = entry.kind === 'sent' ? '→' : '←'
      const wire = visible(entry.bytes)
      const shown =
        wire.length > SHOWN_LINES ? [...wire.slice(0, SHOWN_LINES), `… ${wire.length - SHOWN_LINES} lines`] : wire
      for (const line of shown) lines.push(`${mark}${arrow} ${line}`)
      if (entry.size > entry.bytes.length) lines.push(`${mark}${arrow} … ${entry.size - entry.bytes.length} more bytes`)
    }
    return lines.join('\n')
  }
}

const LINE = 160

/** Bytes as lines in which every CR, LF and control byte can be seen. */
export function visible(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1')
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  return lines.map((line) => {
    const shown = line
      .replaceAll('\r', '␍')
      .replaceAll('\n', '␊')
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\x00-\x1f\x7f-\xff]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
    return shown.length <= LINE ? shown : `${shown.slice(0, LINE)}… (${line.length} bytes)`
  })
}
