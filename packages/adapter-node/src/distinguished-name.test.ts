import { expect, test } from 'vitest'
import { attributesOf } from './distinguished-name.ts'

test('attributes are without escapes, and those of one name are together, the outermost first', () => {
  expect({ ...attributesOf('CN=a \\+ b,L=Z\\C3\\BCrich+OU=inner,OU=outer,O=Acme\\, Inc.\\ \\0A') }).toEqual({
    CN: 'a + b',
    L: 'Zürich',
    OU: ['outer', 'inner'],
    O: 'Acme, Inc. \n',
  })
  expect({ ...attributesOf('') }).toEqual({})
})
