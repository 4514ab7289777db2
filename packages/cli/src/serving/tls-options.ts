/** The certificates that settings name, and which listeners need them. */
import type { ListenTarget, TlsOptions } from '@tsgi/spec/server'
import { localCertificate } from '../developing/local-certificate.ts'
import type { Settings } from '../settings/settings.ts'
import { UsageError } from '../usage-error.ts'

/** Whether the address of `--host` and `--port` speaks TLS. */
export const isSecure = ({ tlsCert, https }: Settings): boolean => tlsCert.length > 0 || https === true

/**
 * `undefined` where no listener speaks TLS.
 *
 * @throws UsageError where certificates and keys do not go together, or nothing needs them
 */
export function tlsOptions(settings: Settings, listen: readonly ListenTarget[]): TlsOptions | undefined {
  const { tlsCert, tlsKey, tlsCa, tlsClientAuth, tlsMinVersion, https } = settings
  const needed = listen.some(({ protocol }) => protocol === 'https')
  if (!needed) {
    if (tlsCert.length === 0 && tlsKey.length === 0) return undefined
    throw new UsageError([
      '--tls-cert: no listener speaks https.',
      'Name one with -b https://127.0.0.1:8443, or leave --tls-cert and --tls-key out.',
    ])
  }
  if (tlsCert.length !== tlsKey.length) {
    throw new UsageError([
      `--tls-key: expected as many keys as certificates, got ${tlsKey.length} for ${tlsCert.length}.`,
      'Give each --tls-cert its --tls-key, in the same order.',
    ])
  }
  if (tlsCert.length === 0 && https !== true) {
    throw new UsageError([
      'https needs a certificate: got no --tls-cert.',
      'Give it:  --tls-cert site.crt --tls-key site.key',
      'or, while you work on it:  tsgi dev --https',
    ])
  }
  if (tlsClientAuth !== undefined && tlsCa.length === 0) {
    throw new UsageError([
      `--tls-client-auth ${tlsClientAuth}: expected --tls-ca, which names who may issue certificates of clients.`,
    ])
  }
  return {
    certificates:
      tlsCert.length === 0
        ? [localCertificate()]
        : tlsCert.map((cert, index) => ({ cert, key: tlsKey[index] as string })),
    ca: tlsCa,
    clientAuth: tlsClientAuth,
    minVersion: `TLSv${tlsMinVersion}`,
  }
}
