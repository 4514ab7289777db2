/** Notices new certificates: files are looked at by their place, since what renews them mostly puts a link in another's place. */
import type { Logger, TlsOptions } from '@tsgi/spec/server'
import { filesOf, readTls } from './certificates.ts'

/** Between two looks, in milliseconds. */
const INTERVAL = 5_000

export class CertificateWatch {
  readonly #options: TlsOptions
  readonly #log: Logger
  readonly #changed: (read: TlsOptions) => void
  readonly #timer: NodeJS.Timeout
  /** The files were looked at for the first time. */
  readonly ready: Promise<void>
  #seen: string | null = null
  #checking = false
  #lastRead = ''
  #lastComplaint = ''

  /** @param changed receives the options with the text of the new files, which keep every rule */
  constructor(options: TlsOptions, log: Logger, changed: (read: TlsOptions) => void, interval: number = INTERVAL) {
    this.#options = options
    this.#log = log
    this.#changed = changed
    this.ready = this.#look().then((seen) => void (this.#seen ??= seen))
    this.#timer = setInterval(() => void this.#check(), interval)
    this.#timer.unref()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Reads the files now. What is wrong with them is in the log, and nothing changes. */
  async refresh(): Promise<void> {
    const seen = await this.#look()
    try {
      const read = await readTls(this.#options)
      const text = JSON.stringify(read)
      // A file that was replaced while it was read is seen twice.
      if (text !== this.#lastRead) this.#changed(read)
      this.#lastRead = text
      this.#seen = seen
      this.#lastComplaint = ''
    } catch (error) {
      // Looked at again: a certificate and its key are seldom replaced at once.
      const complaint = error instanceof Error ? error.message : String(error)
      if (complaint !== this.#lastComplaint) this.#log('error', `the certificates stay as they were: ${complaint}`)
      this.#lastComplaint = complaint
    }
  }

  async #check(): Promise<void> {
    if (this.#seen === null || this.#checking) return
    this.#checking = true
    if ((await this.#look()) !== this.#seen) await this.refresh()
    this.#checking = false
  }

  async #look(): Promise<string> {
    const { stat } = process.getBuiltinModule('node:fs/promises')
    const looks = filesOf(this.#options).map(async (file) => {
      const found = await stat(file).catch(() => null)
      return found === null ? 'none' : `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`
    })
    return (await Promise.all(looks)).join('\n')
  }
}
