/** What RFC 6455 says about the bytes of a client, read by hand from its clauses: the second reading that the codec is held against. */
import { isUtf8 } from 'node:buffer'

export interface Outcome {
  /** In order: text as a string, bytes in base64 behind a colon. */
  readonly messages: readonly string[]
  readonly pongs: readonly string[]
  /** What the server closes with; `null` where the bytes ended before that, without a close. */
  readonly code: number | null
}

const shown = (opcode: number, content: Buffer): string =>
  opcode === 1 ? content.toString() : `:${content.toString('base64')}`

export function outcomeOf(bytes: Buffer, maxPayload: number): Outcome {
  const messages: string[] = []
  const pongs: string[] = []
  const end = (code: number | null): Outcome => ({ messages, pongs, code })
  let at = 0
  /** The message whose fragments are being gathered. */
  let begun: { readonly opcode: number; readonly parts: Buffer[] } | null = null
  let gathered = 0
  for (;;) {
    if (bytes.length < at + 2) return end(null)
    const [first = 0, second = 0] = bytes.subarray(at)
    const fin = (first & 0x80) !== 0
    const opcode = first & 15
    let length = second & 0x7f
    // 5.2: reserved bits, kinds that are not defined; 5.1: a client masks.
    if ((first & 0x70) !== 0 || (opcode > 2 && opcode < 8) || opcode > 10 || (second & 0x80) === 0) return end(1002)
    const control = opcode >= 8
    // 5.5.
    if (control && (!fin || length > 125 || (opcode === 8 && length === 1))) return end(1002)
    // 5.4.
    if (opcode === 0 ? begun === null : !control && begun !== null) return end(1002)
    at += 2
    if (length >= 126) {
      const size = length === 126 ? 2 : 8
      if (bytes.length < at + size) return end(null)
      length = size === 2 ? bytes.readUInt16BE(at) : Number(bytes.readBigUInt64BE(at))
      at += size
    }
    if (!control && gathered + length > maxPayload && length > 0) return end(1009)
    if (bytes.length < at + 4 + length) return end(null)
    const mask = bytes.subarray(at, at + 4)
    const content = bytes
      .subarray(at + 4, at + 4 + length)
      .map((byte, index) => byte ^ (mask[index % 4] ?? 0)) as Buffer
    at += 4 + length
    if (opcode === 8) {
      if (length === 0) return end(1005)
      const code = content.readUInt16BE(0)
      const defined =
        (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)
      if (!defined) return end(1002)
      return end(isUtf8(content.subarray(2)) ? code : 1007)
    }
    if (opcode === 9) pongs.push(content.toString('base64'))
    if (control) continue
    begun ??= { opcode, parts: [] }
    begun.parts.push(content)
    gathered += length
    if (!fin) continue
    const whole = Buffer.concat(begun.parts)
    if (begun.opcode === 1 && !isUtf8(whole)) return end(1007)
    messages.push(shown(begun.opcode, whole))
    begun = null
    gathered = 0
  }
}
