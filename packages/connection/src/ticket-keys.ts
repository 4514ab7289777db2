/**
 * Keys of TLS tickets: the same in all processes that share a secret, and other ones every 12 hours.
 *
 * The secret of a period gives that of the next, and is then forgotten: a process that is read out gives no key of earlier
 * connections away.
 */
import type { TicketSecret } from '@tsgi/spec/server'

const PERIOD = 12 * 3_600_000
const SECRET_SIZE = 32
/** Name, HMAC key and AES key, as OpenSSL has them. */
const KEYS_SIZE = 48

const derive = (secret: Uint8Array, what: string, size: number): Buffer =>
  Buffer.from(process.getBuiltinModule('node:crypto').hkdfSync('sha256', secret, '', `tsgi ticket ${what}`, size))

export class TicketKeys {
  #secret: Uint8Array
  #period: number

  constructor(given: TicketSecret | undefined, now: number = Date.now()) {
    this.#secret =
      given === undefined
        ? process.getBuiltinModule('node:crypto').randomBytes(SECRET_SIZE)
        : Buffer.from(given.secret, 'base64')
    this.#period = given?.period ?? Math.floor(now / PERIOD)
    this.#advance(now)
  }

  /** The secret of the present period, for other processes. */
  share(now: number = Date.now()): TicketSecret {
    this.#advance(now)
    return { secret: Buffer.from(this.#secret).toString('base64'), period: this.#period }
  }

  /** The keys of the present period. */
  keys(now: number = Date.now()): Buffer {
    this.#advance(now)
    return derive(this.#secret, 'keys', KEYS_SIZE)
  }

  /** When there will be other keys, in milliseconds since 1970. */
  get changeAt(): number {
    return (this.#period + 1) * PERIOD
  }

  #advance(now: number): void {
    const period = Math.floor(now / PERIOD)
    for (; this.#period < period; this.#period++) this.#secret = derive(this.#secret, 'next', SECRET_SIZE)
  }
}
