import { expect, test } from 'vitest'
import { plainAddress } from './plain-address.ts'

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['::FFFF:10.0.0.1', '10.0.0.1'],
  ['::1', '::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:7f00:1', '::ffff:7f00:1'],
])('plainAddress(%s) is %s', (address, plain) => expect(plainAddress(address)).toBe(plain))
