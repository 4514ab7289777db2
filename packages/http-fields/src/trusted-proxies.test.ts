import { describe, expect, it } from 'vitest'
import { trustedProxies } from './trusted-proxies.ts'

describe('trustedProxies', () => {
  it('trusts nobody when the list is empty', () => {
    const trusted = trustedProxies([])
    expect(trusted.trusts('127.0.0.1')).toBe(false)
    expect(trusted.trusts('::1')).toBe(false)
    expect(trusted.trusts(null)).toBe(false)
  })

  it('trusts the listed addresses and no neighbour of theirs', () => {
    const trusted = trustedProxies(['127.0.0.1', '2001:db8::1'])
    expect(trusted.trusts('127.0.0.1')).toBe(true)
    expect(trusted.trusts('127.0.0.2')).toBe(false)
    expect(trusted.trusts('2001:DB8:0::1')).toBe(true)
    expect(trusted.trusts('2001:db8::2')).toBe(false)
  })

  it('trusts CIDR blocks of both families', () => {
    const trusted = trustedProxies(['10.0.0.0/8', '192.168.1.128/25', 'fd00::/8'])
    expect(trusted.trusts('10.255.255.255')).toBe(true)
    expect(trusted.trusts('11.0.0.0')).toBe(false)
    expect(trusted.trusts('192.168.1.127')).toBe(false)
    expect(trusted.trusts('192.168.1.128')).toBe(true)
    expect(trusted.trusts('fdff::1')).toBe(true)
    expect(trusted.trusts('fe00::1')).toBe(false)
  })

  it('takes an IPv4-mapped IPv6 address for the IPv4 address, in the list and in the peer', () => {
    expect(trustedProxies(['10.0.0.0/8']).trusts('::ffff:10.1.2.3')).toBe(true)
    expect(trustedProxies(['10.0.0.1']).trusts('::ffff:a00:1')).toBe(true)
    expect(trustedProxies(['::ffff:10.0.0.1']).trusts('10.0.0.1')).toBe(true)
    expect(trustedProxies(['::ffff:10.0.0.0/104']).trusts('10.9.9.9')).toBe(true)
    expect(trustedProxies(['::ffff:10.0.0.0/104']).trusts('11.9.9.9')).toBe(false)
  })

  it("trusts the peers of a unix socket only by 'unix'", () => {
    expect(trustedProxies(['unix']).trusts(null)).toBe(true)
    expect(trustedProxies(['unix']).trusts('127.0.0.1')).toBe(false)
    expect(trustedProxies(['127.0.0.1', '::1']).trusts(null)).toBe(false)
  })

  it("trusts everybody by '*'", () => {
    const trusted = trustedProxies(['*'])
    expect(trusted.trusts('203.0.113.7')).toBe(true)
    expect(trusted.trusts('2001:db8::1')).toBe(true)
    expect(trusted.trusts(null)).toBe(true)
  })

  it('ignores the zone of a link-local peer', () => {
    expect(trustedProxies(['fe80::/10']).trusts('fe80::1%eth0')).toBe(true)
  })

  it('never trusts what is no address', () => {
    const trusted = trustedProxies(['0.0.0.0/0', '::/0'])
    for (const text of ['', 'localhost', '127.0.0.1:80', '[::1]', '1.2.3', '0x7f.1']) {
      expect(trusted.trusts(text), text).toBe(false)
    }
  })

  it.each([
    '',
    ' 127.0.0.1',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '::/129',
    '::ffff:1.2.3.4/95',
    '1.2.3.4/8/8',
    '10.0.0.1:80',
    'UNIX',
    'fe80::1%eth0',
  ])('refuses the entry %j, naming it', (entry) => {
    expect(() => trustedProxies(['127.0.0.1', entry])).toThrow(TypeError)
    expect(() => trustedProxies(['127.0.0.1', entry])).toThrow(JSON.stringify(entry))
  })
})
