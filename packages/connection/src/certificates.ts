/** Certificates and keys: read from files, and checked before anything listens. */
import type { KeyObject, X509Certificate } from 'node:crypto'
import { ServeError, type TlsCertificate, type TlsOptions } from '@tsgi/spec/server'

const PEM = '-----BEGIN '

/** Whether this is the text itself, and no path. */
const isText = (pathOrText: string): boolean => pathOrText.trimStart().startsWith(PEM)

/** The files that options name. */
export function filesOf({ certificates, ca = [] }: TlsOptions): string[] {
  const all = [...certificates.flatMap(({ cert, key }) => [cert, key]), ...ca]
  return all.filter((pathOrText) => !isText(pathOrText))
}

/**
 * The same options with the text of every file in its place, checked.
 *
 * @throws ServeError `TSGI_ERR_OPTION` where a file cannot be read, holds something else than it should, a certificate has expired
 *   or is not valid yet, or a key does not fit its certificate
 */
export async function readTls(options: TlsOptions, now: number = Date.now()): Promise<TlsOptions> {
  const { clientAuth, ca = [] } = options
  if (options.certificates.length === 0) {
    throw new ServeError('TSGI_ERR_OPTION', 'TLS needs a certificate: expected --tls-cert and --tls-key')
  }
  if (clientAuth !== undefined && ca.length === 0) {
    throw new ServeError('TSGI_ERR_OPTION', 'certificates of clients need an issuer to trust: expected --tls-ca')
  }
  const certificates: TlsCertificate[] = []
  for (const [index, { cert, key }] of options.certificates.entries()) {
    const certName = nameOf(cert, `certificate ${index + 1}`)
    const keyName = nameOf(key, `key ${index + 1}`)
    const read = { cert: await textOf(cert, certName), key: await textOf(key, keyName) }
    check(certificateOf(read.cert, certName), certName, keyOf(read.key, keyName), keyName, now)
    certificates.push(read)
  }
  const issuers: string[] = []
  for (const [index, issuer] of ca.entries()) {
    const name = nameOf(issuer, `issuer ${index + 1}`)
    const text = await textOf(issuer, name)
    certificateOf(text, name)
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
  if (text.includes('ENCRYPTED')) {
    throw wrong(name, 'expected a key without a passphrase, got an encrypted one. Decrypt it with "openssl pkey"')
  }
  try {
    return process.getBuiltinModule('node:crypto').createPrivateKey(text)
  } catch (error) {
    throw wrong(name, `expected a private key in PEM, ${PEM}PRIVATE KEY-----`, error)
  }
}

function check(certificate: X509Certificate, name: string, key: KeyObject, keyName: string, now: number): void {
  if (!certificate.checkPrivateKey(key)) {
    throw wrong(keyName, `expected the key of ${name}, got that of another certificate`)
  }
  if (Date.parse(certificate.validTo) < now) throw wrong(name, `expired at ${certificate.validTo}. Renew it`)
  if (Date.parse(certificate.validFrom) > now) throw wrong(name, `is not valid before ${certificate.validFrom}`)
}

const wrong = (name: string, what: string, cause?: unknown): ServeError =>
  new ServeError('TSGI_ERR_OPTION', `${name}: ${what}`, cause)

export const missingCertificate = (): ServeError =>
  new ServeError(
    'TSGI_ERR_OPTION',
    'a listener for https needs a certificate: expected --tls-cert and --tls-key, or tls.certificates',
  )
