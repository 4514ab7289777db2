/**
 * What the engine made of a program when a first process ran it, for the processes to come.
 *
 * It is taken from a process that has met no client yet. One that has may run a client's program, and what it says runs in all
 * processes after it.
 *
 * A process that serves one connection spends a good part of its life compiling the functions that it needs, the same ones as the
 * process before it; the runtime's own cache keeps only what was compiled before the program ran. It is code, so it
 * stands where nobody else can write: in a file without a name, which the processes inherit open.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Workers that may fail to say it before none is asked any more: each takes a little longer to start. */
const TRIES = 3

export class CompiledCode {
  readonly #descriptor: number | null = openNameless()
  #size = 0
  #asked: number | null = null
  #triesLeft = TRIES

  /** Whether the worker, which is about to be started, should say what it compiles. One at a time is asked. */
  ask(worker: number): boolean {
    if (this.#descriptor === null || this.#size > 0 || this.#asked !== null || this.#triesLeft === 0) return false
    this.#asked = worker
    this.#triesLeft--
    return true
  }

  /** The worker is about to meet clients, or has ended: nothing is taken from it any more. */
  dismiss(worker: number): void {
    if (this.#asked === worker) this.#asked = null
  }

  /** For a process to inherit, and how many bytes it finds there. */
  get file(): { readonly descriptor: number; readonly size: number } | null {
    return this.#descriptor === null || this.#size === 0 ? null : { descriptor: this.#descriptor, size: this.#size }
  }

  /** Keeps what the worker says. @returns whether it was asked, and has met no client yet */
  keep(worker: number, code: string): boolean {
    if (this.#descriptor === null || this.#asked !== worker) return false
    this.#asked = null
    try {
      const bytes = Buffer.from(code, 'base64')
      if (writeSync(this.#descriptor, bytes, 0, bytes.length, 0) === bytes.length) this.#size = bytes.length
    } catch {
      // Such as a full disk: processes compile for themselves.
    }
    return true
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
