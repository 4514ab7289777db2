/** Which of several certificates a client gets, by the name that it asks for (RFC 6066 §3). */
import type { X509Certificate } from 'node:crypto'
import type { SecureContext } from 'node:tls'

/** Names are the client's choice, and must not fill our memory. */
const MOST_REMEMBERED = 1000

export class ServerNames {
  readonly #choices: readonly (readonly [X509Certificate, SecureContext])[]
  readonly #remembered = new Map<string, SecureContext>()

  /** @param choices text of each certificate, and what is made of it; at least one */
  constructor(choices: readonly (readonly [cert: string, context: SecureContext])[]) {
    const { X509Certificate } = process.getBuiltinModule('node:crypto')
    this.#choices = choices.map(([cert, context]) => [new X509Certificate(cert), context])
  }

  /** The first whose certificate has the name, or else the first of all. */
  choose(name: string): SecureContext {
    const known = this.#remembered.get(name)
    if (known !== undefined) return known
    const fitting = this.#choices.find(([certificate]) => certificate.checkHost(name) !== undefined)
    const [, context] = fitting ?? (this.#choices[0] as readonly [X509Certificate, SecureContext])
    if (this.#remembered.size < MOST_REMEMBERED) this.#remembered.set(name, context)
    return context
  }
}
