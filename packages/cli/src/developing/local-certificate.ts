/** The certificate of `tsgi dev --https`: made once for a user, so that a browser has to be convinced once. */
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate } from '@tsgi/connection/tls'
import type { TlsCertificate } from '@tsgi/spec/server'

const DAY = 86_400_000
/** Browsers take no certificate that is valid for longer than 398 days. */
const VALIDITY = 396 * DAY

/** Reads it, or makes it where there is none that is valid for another day. */
export function localCertificate(now: number = Date.now()): TlsCertificate {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tsgi')
  const [certFile, keyFile] = [join(folder, 'localhost.crt'), join(folder, 'localhost.key')]
  try {
    const kept = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
    if (Date.parse(new X509Certificate(kept.cert).validTo) > now + DAY) return kept
  } catch {
    // Not made yet, or not readable as a certificate.
  }
  const { cert, key } = makeCertificate({
    subject: 'localhost (tsgi dev)',
    names: ['localhost', '*.localhost', '127.0.0.1'],
    from: now - DAY,
    to: now + VALIDITY,
  })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(keyFile, key, { mode: 0o600 })
  writeFileSync(certFile, cert)
  return { cert, key }
}
