import { expect, test } from 'vitest'
import { toRfc4514 } from './tls-facts.ts'

test('the innermost name is first, and escapes stay', () => {
  expect(toRfc4514('O=Acme\\, Inc.\\ \nL=Zürich + OU=Clients\nCN=a \\+ b')).toBe(
    'CN=a \\+ b,L=Zürich+OU=Clients,O=Acme\\, Inc.\\ ',
  )
})
