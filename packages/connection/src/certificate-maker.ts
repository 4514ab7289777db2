/** Makes certificates with keys on the curve P-256 (RFC 5280): for development and tests, not for the public. */
import type { TlsCertificate } from '@tsgi/spec/server'

export interface CertificateRequest {
  /** The common name of its subject. */
  readonly subject: string
  /** Host names, which may begin with `*.`, and IPv4 addresses. */
  readonly names?: readonly string[]
  /** Who signs it, as {@link makeCertificate} returned it. Default: itself. */
  readonly issuer?: MadeCertificate
  /** It may sign others. */
  readonly authority?: boolean
  /** Milliseconds since 1970, before 2050. */
  readonly from: number
  readonly to: number
}

export interface MadeCertificate extends TlsCertificate {
  /** The common name of its subject. */
  readonly subject: string
}

export function makeCertificate(request: CertificateRequest): MadeCertificate {
  const { subject, names = [], issuer, authority = false, from, to } = request
  const { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } =
    process.getBuiltinModule('node:crypto')
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const extensions = [
    extension(OID.basicConstraints, sequence(...(authority ? [TRUE] : [])), true),
    extension(OID.subjectKeyIdentifier, tagged(0x04, createHash('sha1').update(spki).digest())),
    ...(names.length > 0 ? [extension(OID.subjectAltName, sequence(...names.map(generalName)))] : []),
  ]
  const toSign = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(0x40), randomBytes(15)])),
    sequence(OID.ecdsaWithSha256),
    nameOf(issuer?.subject ?? subject),
    sequence(time(from), time(to)),
    nameOf(subject),
    spki,
    tagged(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', toSign, issuer === undefined ? privateKey : createPrivateKey(issuer.key))
  const whole = sequence(toSign, sequence(OID.ecdsaWithSha256), tagged(0x03, Buffer.concat([Buffer.of(0), signature])))
  return { subject, cert: pem(whole), key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
}

// DER (X.690), as far as a certificate needs it.

function tagged(tag: number, content: Uint8Array): Buffer {
  const size = content.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.of(tag, ...length), content])
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, Buffer.concat(parts))
/** @param bytes of which the first bit is 0 */
const integer = (bytes: Uint8Array): Buffer => tagged(0x02, bytes)
/** UTCTime: `YYMMDDhhmmssZ`. */
const time = (at: number): Buffer =>
  tagged(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`))
const TRUE = Buffer.of(0x01, 0x01, 0xff)

const extension = (id: Buffer, value: Buffer, critical = false): Buffer =>
  sequence(id, ...(critical ? [TRUE] : []), tagged(0x04, value))

const nameOf = (subject: string): Buffer =>
  sequence(tagged(0x31, sequence(OID.commonName, tagged(0x0c, Buffer.from(subject)))))

const generalName = (name: string): Buffer =>
  /^[\d.]+$/.test(name) ? tagged(0x87, Buffer.from(name.split('.').map(Number))) : tagged(0x82, Buffer.from(name))

const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'))
const OID = {
  commonName: oid('550403'),
  ecdsaWithSha256: oid('2a8648ce3d040302'),
  subjectKeyIdentifier: oid('551d0e'),
  subjectAltName: oid('551d11'),
  basicConstraints: oid('551d13'),
}

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`
