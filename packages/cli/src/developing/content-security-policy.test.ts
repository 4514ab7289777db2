import { expect, it } from 'vitest'
import { allowsOwnScript } from './content-security-policy.ts'

it.each([
  [[], true],
  [["default-src 'self'"], true],
  [["default-src 'none'; script-src 'self'; connect-src 'self'"], true],
  [["img-src https:; SCRIPT-SRC 'SELF'"], true],
  [["default-src 'none'; script-src 'self'"], false],
  [["script-src 'nonce-abc' 'strict-dynamic'"], false],
  [["script-src 'self' 'strict-dynamic'"], false],
  [["script-src 'self'; script-src-elem 'none'"], false],
  [["script-src 'self'", "script-src 'none'"], false],
  [["script-src 'self', default-src 'none'"], false],
  [["script-src 'none'; script-src 'self'"], false],
  [['sandbox'], false],
  [['sandbox allow-scripts allow-same-origin'], true],
] as const)('under %j a page may load a script of its origin: %s', (policies, allowed) => {
  expect(allowsOwnScript(policies)).toBe(allowed)
})
