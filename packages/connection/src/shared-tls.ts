/** The TLS of a server of many processes: files are read here, and the processes get their text, so that no file of theirs has a key. */
import type { ListenTarget, Logger, TlsOptions } from '@tsgi/spec/server'
import { CertificateWatch } from './certificate-watch.ts'
import { missingCertificate, readTls } from './certificates.ts'
import { TicketKeys } from './ticket-keys.ts'

export interface SharedTlsOptions {
  readonly tls?: TlsOptions | undefined
  readonly listen?: readonly ListenTarget[] | undefined
  readonly log: Logger
}

export class SharedTls {
  readonly #tickets: TicketKeys
  readonly #watch: CertificateWatch
  #read: TlsOptions
  #changed: (() => void) | null = null

  private constructor(options: TlsOptions, read: TlsOptions, log: Logger) {
    this.#read = read
    this.#tickets = new TicketKeys(read.tickets)
    this.#watch = new CertificateWatch(options, log, (newer) => {
      this.#read = newer
      this.#changed?.()
    })
  }

  /**
   * Reads and checks what the listeners need.
   *
   * @returns `null` where none speaks TLS
   * @throws ServeError `TSGI_ERR_OPTION`
   */
  static async open({ tls, listen = [], log }: SharedTlsOptions): Promise<SharedTls | null> {
    if (!listen.some(({ protocol }) => protocol === 'https')) return null
    if (tls === undefined) throw missingCertificate()
    return new SharedTls(tls, await readTls(tls), log)
  }

  /** For a process that starts now: texts, no paths. */
  get options(): TlsOptions {
    return { ...this.#read, tickets: this.#tickets.share() }
  }

  /** Calls when there are other certificates. */
  onChange(changed: () => void): void {
    this.#changed = changed
  }

  /** Reads the files now. */
  refresh(): Promise<void> {
    return this.#watch.refresh()
  }

  close(): void {
    this.#watch.close()
  }
}
