import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CertificateWatch } from '../../src/certificate-watch.ts'
import { readTls, readValidTls } from '../../src/certificates.ts'
import { TicketKeys } from '../../src/ticket-keys.ts'
import { A, AUTHORITY, B, EXPIRED, FUTURE } from './certificates.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsgi-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('reading certificates', () => {
  it.each([
    ['a file that is not there', { cert: '/nowhere/a.crt', key: A.key }, /^\/nowhere\/a.crt: cannot be read: ENOENT/],
    ['a key of another certificate', { cert: A.cert, key: B.key }, /^key 1: expected the key of certificate 1/],
    ['an expired one', EXPIRED, /^certificate 1: expired at .* Renew it$/],
    ['one of the future', FUTURE, /^certificate 1: is not valid before/],
    ['no certificate', { cert: A.key, key: A.key }, /^certificate 1: expected a certificate in PEM/],
    ['no key', { cert: A.cert, key: A.cert }, /^key 1: expected a private key in PEM/],
    [
      'an encrypted key',
      { cert: A.cert, key: '-----BEGIN ENCRYPTED PRIVATE KEY-----' },
      /without a passphrase, got an encrypted one/,
    ],
  ])('reports %s', async (_, certificate, message) => {
    await expect(readValidTls({ certificates: [certificate] })).rejects.toMatchObject({
      code: 'TSGI_ERR_OPTION',
      message: expect.stringMatching(message),
    })
  })

  it('needs a certificate, and an issuer where clients show theirs', async () => {
    await expect(readTls({ certificates: [] })).rejects.toThrow(/--tls-cert/)
    await expect(readTls({ certificates: [A], clientAuth: 'request' })).rejects.toThrow(/--tls-ca/)
  })

  it('knows text by what is encoded in it, whatever stands in front', async () => {
    const front = 'Bag Attributes\n    localKeyID: 01 02\nsubject=CN = a\n# UNENCRYPTED\n'
    const certificate = { cert: front + A.cert, key: front + A.key }
    expect((await readTls({ certificates: [certificate] })).certificates).toEqual([certificate])
  })

  it('has no part of a key in a message', async () => {
    const [, secret = ''] = A.key.split('\n')
    const half = A.key.slice(A.key.indexOf(secret))
    const failure = await readTls({ certificates: [{ cert: A.cert, key: half }] }).catch(String)
    expect(failure).toMatch(/key 1: expected a private key in PEM/)
    expect(failure).not.toContain(secret)
  })

  it('does not look at dates where a server runs already', async () => {
    const certificates = [EXPIRED, FUTURE].map(({ cert, key }) => ({ cert, key }))
    expect((await readTls({ certificates })).certificates).toEqual(certificates)
  })

  it('reports a broken chain by the names of its files', async () => {
    const [cert, key] = [join(folder, 'chain.crt'), join(folder, 'chain.key')]
    const chain = `${A.cert}-----BEGIN CERTIFICATE-----\nMIIB!\n-----END CERTIFICATE-----\n`
    await Promise.all([writeFile(cert, chain), writeFile(key, A.key)])
    await expect(readValidTls({ certificates: [{ cert, key }] })).rejects.toMatchObject({
      code: 'TSGI_ERR_OPTION',
      message: expect.stringContaining(`${cert}: TLS cannot use it with ${key}: `),
    })
  })

  it('gives the text of files', async () => {
    const [cert, key, ca] = [join(folder, 'a.crt'), join(folder, 'a.key'), join(folder, 'ca.crt')]
    await Promise.all([writeFile(cert, A.cert), writeFile(key, A.key), writeFile(ca, AUTHORITY.cert)])
    expect(await readTls({ certificates: [{ cert, key }], ca: [ca], clientAuth: 'require' })).toEqual({
      certificates: [{ cert: A.cert, key: A.key }],
      ca: [AUTHORITY.cert],
      clientAuth: 'require',
    })
  })
})

describe('watching certificates', () => {
  it('notices new files once both fit, and says once that they do not', async () => {
    const [cert, key] = [join(folder, 'site.crt'), join(folder, 'site.key')]
    await Promise.all([writeFile(cert, A.cert), writeFile(key, A.key)])
    const seen: string[] = []
    const log: string[] = []
    const options = { certificates: [{ cert, key }] }
    const watch = await CertificateWatch.open(options, (level, message) => log.push(`${level} ${message}`), 5)
    watch.onChange(() => seen.push(watch.read.certificates[0]?.cert ?? ''))
    try {
      await replace(cert, B.cert)
      await expect
        .poll(() => log)
        .toEqual([
          `error the certificates stay as they were: ${key}: expected the key of ${cert}, got that of another certificate`,
        ])
      await replace(key, B.key)
      await expect.poll(() => seen).toEqual([B.cert])
      expect(log).toHaveLength(1)
    } finally {
      watch.close()
    }
  })
})

describe('a start', () => {
  it('receives what was renewed before it asked', async () => {
    const [cert, key] = [join(folder, 'early.crt'), join(folder, 'early.key')]
    await Promise.all([writeFile(cert, A.cert), writeFile(key, A.key)])
    const watch = await CertificateWatch.open({ certificates: [{ cert, key }] }, () => {}, 5)
    try {
      await Promise.all([replace(cert, B.cert), replace(key, B.key)])
      await expect.poll(() => watch.read.certificates[0]?.cert).toBe(B.cert)
      const seen: string[] = []
      watch.onChange(() => seen.push('changed'))
      expect(seen).toEqual(['changed'])
    } finally {
      watch.close()
    }
  })
})

/** As renewing programs do it. */
async function replace(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content)
  await rename(`${file}.new`, file)
}

describe('keys of tickets', () => {
  const HOUR = 3_600_000

  it('are the same in a process that begins later with what was shared, and others after 12 hours', () => {
    const first = new TicketKeys(undefined, 0)
    const second = new TicketKeys(first.share(0), 30 * HOUR)
    expect(second.keys(30 * HOUR)).toEqual(first.keys(30 * HOUR))
    const before = first.keys(35 * HOUR)
    expect(before).toHaveLength(48)
    expect(first.keys(36 * HOUR)).not.toEqual(before)
    expect(first.changeAt).toBe(48 * HOUR)
  })
})
