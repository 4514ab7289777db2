/**
 * What the engine made of a program when a first process ran it, for the processes to come.
 *
 * A process that serves one connection spends a good part of its life compiling the functions that it needs, the same ones as the
 * process before it; the runtime's own cache keeps only what was compiled before the program ran. It is code, so it
 * stands where nobody else can write: in a file without a name, which the processes inherit open.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export class CompiledCode {
  readonly #descriptor: number | null = openNameless()
  #size = 0

  /** Whether a process should tell what it has. */
  get isWanted(): boolean {
    return this.#descriptor !== null && this.#size === 0
  }

  /** For a process to inherit, and how many bytes it finds there. */
  get file(): { readonly descriptor: number; readonly size: number } | null {
    return this.#descriptor === null || this.#size === 0 ? null : { descriptor: this.#descriptor, size: this.#size }
  }

  /** Keeps what a process told; the first one counts. */
  keep(code: string): void {
    if (this.#descriptor === null || !this.isWanted) return
    try {
      const bytes = Buffer.from(code, 'base64')
      if (writeSync(this.#descriptor, bytes, 0, bytes.length, 0) === bytes.length) this.#size = bytes.length
    } catch {
      // Such as a full disk: processes compile for themselves.
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
  }
}

/** `null` where there is no place for it. */
function openNameless(): number | null {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'tsgi-'))
    try {
      return openSync(join(folder, 'code'), 'wx+', 0o600)
    } finally {
      rmSync(folder, { recursive: true })
    }
  } catch {
    return null
  }
}
