/**
 * The TLS of a whole server: files are read where it starts, and what serves gets their text, so that no file of another process
 * has a key.
 */
import type { ListenTarget, Logger, TlsOptions } from '@tsgi/spec/server'
import { CertificateWatch } from './certificate-watch.ts'
import { missingCertificate } from './certificates.ts'
import { TicketKeys } from './ticket-keys.ts'

export interface SharedTlsOptions {
  readonly tls?: TlsOptions | undefined
  readonly listen?: readonly ListenTarget[] | undefined
  readonly log: Logger
}

export class SharedTls {
  readonly #tickets: TicketKeys
  readonly #watch: CertificateWatch

  private constructor(watch: CertificateWatch) {
    this.#watch = watch
    this.#tickets = new TicketKeys(watch.read.tickets)
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
    return new SharedTls(await CertificateWatch.open(tls, log))
  }

  /** For what starts now: texts, no paths. */
  get options(): TlsOptions {
    return { ...this.#watch.read, tickets: this.#tickets.share() }
  }

  /** Calls when there are other certificates; at once where there are since {@link open}. */
  onChange(changed: () => void): void {
    this.#watch.onChange(changed)
  }

  /** Reads the files now. */
  refresh(): Promise<void> {
    return this.#watch.refresh()
  }

  close(): void {
    this.#watch.close()
  }
}
