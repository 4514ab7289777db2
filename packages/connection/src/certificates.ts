/** Certificates and keys: read from files, and checked before anything listens. */
import type { KeyObject, X509Certificate } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import { ServeError, type TlsCertificate, type TlsOptions } from '@tsgi/spec/server'

/** The oldest version that is spoken where none is set. */
export const OLDEST_TLS = 'TLSv1.2'

const PEM = '-----BEGIN '

/**
 * Whether this is the text itself, and no path. Programs write explanations in front of what they encode (RFC 7468 §2), such as
 * `Bag Attributes`. What has a line end is no path either: it may be a part of a key, and must not get into a message.
 */
const isText = (pathOrText: string): boolean => pathOrText.includes(PEM) || /[\r\n]/.test(pathOrText)

/** The files that options name. */
export function filesOf({ certificates, ca = [] }: TlsOptions): string[] {
  const all = [...certificates.flatMap(({ cert, key }) => [cert, key]), ...ca]
  return all.filter((pathOrText) => !isText(pathOrText))
}

/**
 * The same options with the text of every file in its place, checked, whatever the date: a process that starts later than its
 * server has to serve with what the server has.
 *
 * @throws ServeError `TSGI_ERR_OPTION` where a file cannot be read, holds something else than it should, or a key does not fit its
 *   certificate
 */
export function readTls(options: TlsOptions): Promise<TlsOptions> {
  return read(options, () => {})
}

/**
 * As {@link readTls}, and what it returns can be served with at `now`: for the start of a server, and for what replaces its
 * certificates.
 *
 * @param now milliseconds since 1970
 * @throws ServeError `TSGI_ERR_OPTION` also where a certificate has expired or is not valid yet, and where the TLS library refuses
 *   a chain, or a key for its size
 */
export function readValidTls(options: TlsOptions, now: number = Date.now()): Promise<TlsOptions> {
  const { minVersion = OLDEST_TLS } = options
  return read(options, ({ certificate, name, keyName, context }) => {
    if (certificate !== null) checkDates(certificate, name, now)
    try {
      process.getBuiltinModule('node:tls').createSecureContext({ ...context, minVersion })
    } catch (error) {
      const what = keyName === null ? 'as an issuer' : `with ${keyName}`
      throw wrong(name, `TLS cannot use it ${what}: ${(error as Error).message}. Look at it with "openssl x509"`, error)
    }
  })
}

/** What one file, or a certificate and its key, hold. */
interface Held {
  /** `null` for an issuer, whose date its clients' certificates are checked with. */
  readonly certificate: X509Certificate | null
  readonly name: string
  /** `null` for an issuer. */
  readonly keyName: string | null
  readonly context: SecureContextOptions
}

async function read(options: TlsOptions, check: (held: Held) => void): Promise<TlsOptions> {
  const { clientAuth, ca = [] } = options
  if (options.certificates.length === 0) {
    throw new ServeError('TSGI_ERR_OPTION', 'TLS needs a certificate: expected --tls-cert and --tls-key')
  }
  if (clientAuth !== undefined && ca.length === 0) {
    throw new ServeError('TSGI_ERR_OPTION', 'certificates of clients need an issuer to trust: expected --tls-ca')
  }
  const certificates: TlsCertificate[] = []
  for (const [index, { cert, key }] of options.certificates.entries()) {
    const name = nameOf(cert, `certificate ${index + 1}`)
    const keyName = nameOf(key, `key ${index + 1}`)
    const context = { cert: await textOf(cert, name), key: await textOf(key, keyName) }
    const certificate = certificateOf(context.cert, name)
    if (!certificate.checkPrivateKey(keyOf(context.key, keyName))) {
      throw wrong(keyName, `expected the key of ${name}, got that of another certificate`)
    }
    check({ certificate, name, keyName, context })
    certificates.push(context)
  }
  const issuers: string[] = []
  for (const [index, issuer] of ca.entries()) {
    const name = nameOf(issuer, `issuer ${index + 1}`)
    const text = await textOf(issuer, name)
    certificateOf(text, name)
    check({ certificate: null, name, keyName: null, context: { ca: text } })
    issuers.push(text)
  }
  return { ...options, certificates, ca: issuers }
}

const nameOf = (pathOrText: string, otherwise: string): string => (isText(pathOrText) ? otherwise : pathOrText)

async function textOf(pathOrText: string, name: string): Promise<string> {
  if (isText(pathOrText)) return pathOrText
  try {
    return await process.getBuiltinModule('node:fs/promises').readFile(pathOrText, 'utf8')
  } catch (error) {
    throw wrong(name, `cannot be read: ${(error as Error).message}`, error)
  }
}

function certificateOf(text: string, name: string): X509Certificate {
  try {
    const { X509Certificate } = process.getBuiltinModule('node:crypto')
    return new X509Certificate(text)
  } catch (error) {
    throw wrong(name, `expected a certificate in PEM, ${PEM}CERTIFICATE-----`, error)
  }
}

function keyOf(text: string, name: string): KeyObject {
  if (/^(-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED)/m.test(text)) {
    throw wrong(name, 'expected a key without a passphrase, got an encrypted one. Decrypt it with "openssl pkey"')
  }
  try {
    return process.getBuiltinModule('node:crypto').createPrivateKey(text)
  } catch (error) {
    throw wrong(name, `expected a private key in PEM, ${PEM}PRIVATE KEY-----`, error)
  }
}

function checkDates({ validFrom, validTo }: X509Certificate, name: string, now: number): void {
  if (Date.parse(validTo) < now) throw wrong(name, `expired at ${validTo}. Renew it`)
  if (Date.parse(validFrom) > now) throw wrong(name, `is not valid before ${validFrom}`)
}

const wrong = (name: string, what: string, cause?: unknown): ServeError =>
  new ServeError('TSGI_ERR_OPTION', `${name}: ${what}`, cause)

export const missingCertificate = (): ServeError =>
  new ServeError(
    'TSGI_ERR_OPTION',
    'a listener for https needs a certificate: expected --tls-cert and --tls-key, or tls.certificates',
  )
