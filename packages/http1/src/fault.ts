import type { ErrorStatus } from './events.ts'

/** A rule that was broken, before the parser adds what it knows of the request. */
export class Fault {
  readonly status: ErrorStatus
  readonly message: string
  constructor(status: ErrorStatus, message: string) {
    this.status = status
    this.message = message
  }
}

/** A byte as a person would name it: `'x'`, `LF`, `0x80`. */
export function byteName(byte: number | undefined): string {
  if (byte === undefined) return 'nothing'
  const names: Readonly<Record<number, string>> = {
    0: 'NUL',
    9: 'a tab',
    10: 'a bare LF',
    13: 'a bare CR',
    32: 'a space',
  }
  const name = names[byte]
  if (name !== undefined) return name
  return byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16).padStart(2, '0')}`
}
