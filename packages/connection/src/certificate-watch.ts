/** Notices new certificates: files are looked at by their place, since what renews them mostly puts a link in another's place. */
import type { Logger, TlsOptions } from '@tsgi/spec/server'
import { filesOf, readValidTls } from './certificates.ts'

/** Between two looks, in milliseconds. */
const INTERVAL = 5_000

export class CertificateWatch {
  readonly #options: TlsOptions
  readonly #log: Logger
  readonly #timer: NodeJS.Timeout
  #read: TlsOptions
  #changed: (() => void) | null = null
  /** Something changed before anybody asked. */
  #unnoticed = false
  #seen: string
  #checking = false
  #lastComplaint = ''

  private constructor(options: TlsOptions, log: Logger, seen: string, read: TlsOptions, interval: number) {
    this.#options = options
    this.#log = log
    this.#seen = seen
    this.#read = read
    this.#timer = setInterval(() => void this.#check(), interval)
    this.#timer.unref()
  }

  /**
   * Reads the files, and watches them from before it read them.
   *
   * @param interval between two looks, in milliseconds
   * @throws ServeError `TSGI_ERR_OPTION` where a server cannot begin with them; then nothing is watched
   */
  static async open(options: TlsOptions, log: Logger, interval: number = INTERVAL): Promise<CertificateWatch> {
    const seen = await look(options)
    return new CertificateWatch(options, log, seen, await readValidTls(options), interval)
  }

  /** The options with the text of the newest files that keep every rule. */
  get read(): TlsOptions {
    return this.#read
  }

  /** Calls when {@link read} has changed; at once where it has since the start. */
  onChange(changed: () => void): void {
    this.#changed = changed
    if (this.#unnoticed) changed()
    this.#unnoticed = false
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Reads the files now. What is wrong with them is in the log, and nothing changes. */
  async refresh(): Promise<void> {
    const seen = await look(this.#options)
    try {
      const read = await readValidTls(this.#options)
      this.#seen = seen
      this.#lastComplaint = ''
      // A file that was replaced while it was read is seen twice.
      if (JSON.stringify(read) === JSON.stringify(this.#read)) return
      this.#read = read
      if (this.#changed === null) this.#unnoticed = true
      else this.#changed()
    } catch (error) {
      // Looked at again: a certificate and its key are seldom replaced at once.
      const complaint = error instanceof Error ? error.message : String(error)
      if (complaint !== this.#lastComplaint) this.#log('error', `the certificates stay as they were: ${complaint}`)
      this.#lastComplaint = complaint
    }
  }

  async #check(): Promise<void> {
    if (this.#checking) return
    this.#checking = true
    if ((await look(this.#options)) !== this.#seen) await this.refresh()
    this.#checking = false
  }
}

async function look(options: TlsOptions): Promise<string> {
  const { stat } = process.getBuiltinModule('node:fs/promises')
  const looks = filesOf(options).map(async (file) => {
    const found = await stat(file).catch(() => null)
    return found === null ? 'none' : `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`
  })
  return (await Promise.all(looks)).join('\n')
}
