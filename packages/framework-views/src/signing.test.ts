import { afterEach, describe, expect, it, vi } from 'vitest'
import { ImproperlyConfigured } from './errors.ts'
import { createSigner } from './signing.ts'

const key = 'k'.repeat(32)
const newKey = 'n'.repeat(32)

describe('a signer', () => {
  afterEach(() => void vi.useRealTimers())

  it.each(['', 'text', 'a.b.c', 'ü\n\u{1F375}'])('gives back what it signed: "%s"', (text) => {
    const signer = createSigner([key], 'test')
    expect(signer.unsign(signer.sign(text))).toBe(text)
  })

  it('refuses every change of a single character', () => {
    const signer = createSigner([key], 'test')
    const signed = signer.sign('text')
    for (let i = 0; i < signed.length; i++) {
      // The last character of 32 bytes in base64url carries two bits that are not used.
      const other = i === signed.length - 1 ? (signed[i] === 'A' ? 'Q' : 'A') : signed[i] === 'x' ? 'y' : 'x'
      expect(signer.unsign(signed.slice(0, i) + other + signed.slice(i + 1)), `at ${i}`).toBeUndefined()
    }
    for (const bad of ['', '.', '..', 'text', `${signed}.`, `.${signed}`, signed.slice(0, -1), `${signed}A`]) {
      expect(signer.unsign(bad), bad).toBeUndefined()
    }
  })

  it('refuses signatures of another key or purpose', () => {
    const signed = createSigner([key], 'test').sign('text')
    expect(createSigner([newKey], 'test').unsign(signed)).toBeUndefined()
    expect(createSigner([key], 'other').unsign(signed)).toBeUndefined()
  })

  it('verifies with former keys and signs with the first', () => {
    const rotated = createSigner([newKey, key], 'test')
    expect(rotated.unsign(createSigner([key], 'test').sign('old'))).toBe('old')
    expect(createSigner([newKey], 'test').unsign(rotated.sign('new'))).toBe('new')
  })

  it('refuses what is older than asked for', () => {
    vi.useFakeTimers({ now: 1_000_000_000_000 })
    const signer = createSigner([key], 'test')
    const signed = signer.sign('text')
    vi.setSystemTime(1_000_000_060_000)
    expect(signer.unsign(signed, 60)).toBe('text')
    vi.setSystemTime(1_000_000_061_000)
    expect(signer.unsign(signed, 60)).toBeUndefined()
    expect(signer.unsign(signed)).toBe('text')
  })

  it('refuses to be made with no key or a short one, and says how to make one', () => {
    expect(() => createSigner([], 'session')).toThrow(ImproperlyConfigured)
    expect(() => createSigner(['short'], 'session')).toThrow(
      /at least 32 random characters is needed for session; make one with\n {2}node -p/,
    )
    expect(() => createSigner([key, 'short'], 'session')).toThrow(ImproperlyConfigured)
  })
})
