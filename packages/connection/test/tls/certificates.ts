/** Certificates for the time of a test. */
import { makeCertificate } from '@tsgi/connection/tls'

const HOUR = 3_600_000
const now = Date.now()
const valid = { from: now - HOUR, to: now + HOUR }

export const AUTHORITY = makeCertificate({ subject: 'authority', authority: true, ...valid })
export const A = makeCertificate({ subject: 'a', names: ['a.test', '127.0.0.1'], issuer: AUTHORITY, ...valid })
export const B = makeCertificate({ subject: 'b', names: ['*.b.test'], issuer: AUTHORITY, ...valid })
export const CLIENT = makeCertificate({ subject: 'client', issuer: AUTHORITY, ...valid })
export const EXPIRED = makeCertificate({ subject: 'old', issuer: AUTHORITY, from: now - 2 * HOUR, to: now - HOUR })
export const FUTURE = makeCertificate({ subject: 'new', issuer: AUTHORITY, from: now + HOUR, to: now + 2 * HOUR })
/** Of an issuer that nobody knows. */
export const STRANGER = makeCertificate({ subject: 'stranger', names: ['127.0.0.1'], ...valid })
