/** Text that a client may hold but not change: HMAC-SHA256 with the time of signing. It is readable, not secret. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { ImproperlyConfigured } from './errors.ts'

export interface Signer {
  sign(text: string): string
  /** The text, or `undefined` when the signature is not ours or is older than `maxAge` seconds. */
  unsign(signed: string, maxAge?: number): string | undefined
}

/**
 * @param secrets the first signs; all verify, so that a secret can be replaced without logging everyone out
 * @param purpose signatures made for one purpose are worthless for another
 */
export function createSigner(secrets: readonly string[], purpose: string): Signer {
  const [key, ...formerKeys] = secrets.map((secret) => mac(secret, `tsgi.views:${purpose}`))
  if (key === undefined || secrets.some((secret) => secret.length < 32)) {
    throw new ImproperlyConfigured(
      `settings.secretKey of at least 32 random characters is needed for ${purpose}; make one with\n` +
        `  node -p "require('node:crypto').randomBytes(32).toString('base64url')"\nand keep it out of the repository`,
    )
  }
  return {
    sign(text) {
      const stamped = `${text}.${Math.floor(Date.now() / 1000).toString(36)}`
      return `${stamped}.${mac(key, stamped).toString('base64url')}`
    },
    unsign(signed, maxAge = Infinity) {
      const [, text, stamp, signature = ''] = /^(.*)\.([0-9a-z]+)\.([\w-]{43})$/s.exec(signed) ?? []
      if (text === undefined || stamp === undefined) return undefined
      const given = Buffer.from(signature, 'base64url')
      const isOurs = [key, ...formerKeys].some((each) => timingSafeEqual(mac(each, `${text}.${stamp}`), given))
      return isOurs && Date.now() / 1000 - Number.parseInt(stamp, 36) <= maxAge ? text : undefined
    },
  }
}

const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
