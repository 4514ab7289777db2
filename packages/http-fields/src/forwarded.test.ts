import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forwardedClient, type ForwardedField } from './forwarded.ts'
import { trustedProxies } from './trusted-proxies.ts'

const trusted = trustedProxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8', 'unix'])
const EVERY: readonly ForwardedField[] = ['for', 'proto', 'host', 'port', 'forwarded']
const client = (...headers: string[]) => forwardedClient('127.0.0.1', headers, trusted, EVERY)
const nothing = { remoteAddr: '127.0.0.1', remotePort: null, scheme: null, host: null, port: null }

describe('which fields are believed', () => {
  const headers = [
    'x-forwarded-for',
    '203.0.113.7',
    'x-forwarded-proto',
    'https',
    'x-forwarded-host',
    'evil.example',
    'x-forwarded-port',
    '8443',
    'forwarded',
    'for=6.6.6.6;host=evil.example',
  ]
  const believing = (...fields: ForwardedField[]) => forwardedClient('127.0.0.1', headers, trusted, fields)

  it('by default X-Forwarded-For and -Proto alone: the others reach a server as the client wrote them', () => {
    const client = { remoteAddr: '203.0.113.7', remotePort: null, scheme: 'https', host: null, port: null }
    expect(forwardedClient('127.0.0.1', headers, trusted)).toEqual(client)
    expect(forwardedClient('127.0.0.1', headers.slice(4), trusted)).toBeNull()
  })

  it('as chosen, and a field that is not believed does not hide another', () => {
    expect(believing('host')).toEqual({ ...nothing, host: 'evil.example' })
    expect(believing('port')).toEqual({ ...nothing, port: 8443 })
    expect(believing('forwarded')).toMatchObject({ remoteAddr: '6.6.6.6', host: 'evil.example' })
    expect(believing('for', 'forwarded')).toEqual({ ...nothing, remoteAddr: '203.0.113.7' })
    expect(believing()).toBeNull()
  })

  it.each(['0', '65536', '080808', '-1', '80 80', '8e1', ''])('never takes %j for a port', (port) => {
    expect(client('x-forwarded-port', port)).toEqual(nothing)
  })
})

describe('empty members of a list', () => {
  it.each([
    ['x-forwarded-for', ', 203.0.113.7,, 10.0.0.1 , ', { remoteAddr: '203.0.113.7' }],
    ['x-forwarded-proto', ', https ,', { scheme: 'https' }],
    ['x-forwarded-host', ',a.example', { host: 'a.example' }],
    ['forwarded', ' , for=203.0.113.7;proto=https, ,for=10.0.0.1,', { remoteAddr: '203.0.113.7', scheme: 'https' }],
  ])('are passed over in %s (RFC 9110 §5.6.1.2)', (name, value, expected) => {
    expect(client(name, value)).toMatchObject(expected)
  })

  it('count for nothing where entries of two fields are compared', () => {
    const fields = ['x-forwarded-for', '203.0.113.7,,10.0.0.1', 'x-forwarded-proto', 'https,http,']
    expect(client(...fields)).toMatchObject({ remoteAddr: '203.0.113.7', scheme: 'https' })
  })
})

describe('forwardedClient', () => {
  it('believes nothing from a peer that is not trusted', () => {
    const headers = ['x-forwarded-for', '1.1.1.1', 'x-forwarded-proto', 'https', 'forwarded', 'for=2.2.2.2']
    expect(forwardedClient('203.0.113.7', headers, trusted)).toBeNull()
    expect(forwardedClient(null, headers, trustedProxies(['127.0.0.1']))).toBeNull()
  })

  it('says null without forwarding fields', () => {
    expect(client('host', 'a.example', 'x-forwarded', '80')).toBeNull()
  })

  it('believes a trusted peer on a unix socket', () => {
    expect(forwardedClient(null, ['x-forwarded-for', '203.0.113.7'], trusted)?.remoteAddr).toBe('203.0.113.7')
    expect(forwardedClient(null, ['x-forwarded-for', 'garbage'], trusted)?.remoteAddr).toBeNull()
  })
})

describe('X-Forwarded-For', () => {
  it.each([
    ['one address', '203.0.113.7', '203.0.113.7', null],
    ['the rightmost that is no trusted proxy', '6.6.6.6, 203.0.113.7, 10.0.0.1', '203.0.113.7', null],
    ['the leftmost when all are trusted', '10.0.0.3, 10.0.0.2', '10.0.0.3', null],
    ['an address with a port', '203.0.113.7:4711', '203.0.113.7', 4711],
    ['an IPv6 address', '2001:DB8::1', '2001:db8::1', null],
    ['an IPv6 address in brackets', '[2001:db8::1]', '2001:db8::1', null],
    ['an IPv6 address in brackets with a port', '[2001:db8::1]:443', '2001:db8::1', 443],
    ['an IPv4-mapped address as IPv4', '::ffff:203.0.113.7', '203.0.113.7', null],
    ['a mapped trusted proxy as trusted', '203.0.113.7, ::ffff:10.0.0.1', '203.0.113.7', null],
    ['no spaces, many spaces', '203.0.113.7,10.0.0.2 ,\t10.0.0.1', '203.0.113.7', null],
  ])('takes %s', (_, value, remoteAddr, remotePort) => {
    expect(client('x-forwarded-for', value)).toMatchObject({ remoteAddr, remotePort })
  })

  it('reads several lines as one list', () => {
    expect(client('x-forwarded-for', '6.6.6.6', 'x-forwarded-for', '203.0.113.7')?.remoteAddr).toBe('203.0.113.7')
  })

  it.each([
    'unknown',
    '203.0.113',
    '203.0.113.7:',
    '203.0.113.7:65536',
    '203.0.113.7:080808',
    '[203.0.113.7]',
    '[2001:db8::1',
    '2001:db8::1]:80',
    '[2001:db8::1]80',
    '[2001:db8:::1]',
    '203.0.113.7 evil',
    '<script>',
    'localhost',
  ])('stays with the peer rather than believe %j', (value) => {
    expect(client('x-forwarded-for', `1.1.1.1, ${value}`)?.remoteAddr).toBe('127.0.0.1')
  })

  it('stops at garbage with the last address that was believed', () => {
    expect(client('x-forwarded-for', '1.1.1.1, garbage, 10.0.0.1')?.remoteAddr).toBe('10.0.0.1')
  })

  it('gives what the trusted proxies appended, whatever the client wrote before', () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (written, seen) => {
        fc.pre(!trusted.trusts(seen))
        expect(client('x-forwarded-for', `${written}, ${seen}, 10.0.0.1`)?.remoteAddr).toBe(seen)
      }),
    )
  })
})

describe('X-Forwarded-Proto and X-Forwarded-Host', () => {
  it.each([
    ['https', 'https'],
    ['HTTPS', 'https'],
    ['http', 'http'],
    ['wss', 'https'],
    ['ws', 'http'],
    ['ftp', null],
    ['', null],
    ['https://', null],
  ])('reads the scheme %j as %j', (value, scheme) => {
    expect(client('x-forwarded-proto', value)).toEqual({ ...nothing, scheme })
  })

  it.each(['shop.example', 'shop.example:8443', '[2001:db8::1]:80', '192.0.2.1', 'b%C3%BCcher.example'])(
    'takes the host %j as sent',
    (host) => {
      expect(client('x-forwarded-host', host)).toEqual({ ...nothing, host })
    },
  )

  it.each([
    '',
    'a/b',
    'user@a.example',
    'a b',
    'a.example:',
    'a.example:99999',
    'a:b',
    '[::1',
    '[x]',
    '%zz',
    'a"b',
    'ü',
  ])('does not believe the host %j', (host) => {
    expect(client('x-forwarded-host', host)?.host).toBeNull()
  })

  it('takes, of as many entries as addresses, those beside the client', () => {
    const addresses = ['x-forwarded-for', '6.6.6.6, 203.0.113.7, 10.0.0.1']
    const schemes = ['x-forwarded-proto', 'http, https, http']
    const hosts = ['x-forwarded-host', 'evil.example, shop.example, inner.example']
    expect(client(...addresses, ...schemes, ...hosts)).toEqual({
      remoteAddr: '203.0.113.7',
      remotePort: null,
      scheme: 'https',
      host: 'shop.example',
      port: null,
    })
  })

  it('believes none of several entries that cannot be matched to addresses', () => {
    const schemes = ['x-forwarded-proto', 'https', 'x-forwarded-proto', 'http']
    const hosts = ['x-forwarded-host', 'evil.example, shop.example']
    expect(client('x-forwarded-for', '203.0.113.7', ...schemes, ...hosts)).toEqual({
      remoteAddr: '203.0.113.7',
      remotePort: null,
      scheme: null,
      host: null,
      port: null,
    })
  })
})

describe('Forwarded', () => {
  it.each([
    ['for=203.0.113.7', '203.0.113.7', null],
    ['For="203.0.113.7:4711"', '203.0.113.7', 4711],
    ['for="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17', 4711],
    ['for="[2001:db8:cafe::17]"', '2001:db8:cafe::17', null],
    ['for="203.0.113.7:_hidden"', '203.0.113.7', null],
    ['for=6.6.6.6, for=203.0.113.7, for=10.0.0.1', '203.0.113.7', null],
    ['for=203.0.113.7;by=10.0.0.1;secret="a,b;c\\"d", for=10.0.0.1', '203.0.113.7', null],
    ['for="203.0.113.\\7"', '203.0.113.7', null],
    ['for=203.0.113.7; proto=http ;', '203.0.113.7', null],
    ['for=203.0.113.7:4711', '203.0.113.7', 4711],
  ])('reads %j', (value, remoteAddr, remotePort) => {
    expect(client('forwarded', value)).toMatchObject({ remoteAddr, remotePort })
  })

  it('takes scheme and host from the element that names the client', () => {
    expect(
      client(
        'forwarded',
        'for=6.6.6.6;proto=http;host=evil.example, for=203.0.113.7;proto=https;host="shop.example:8443", for=10.0.0.1;proto=http;host=inner',
      ),
    ).toEqual({ remoteAddr: '203.0.113.7', remotePort: null, scheme: 'https', host: 'shop.example:8443', port: null })
  })

  it.each(['for=unknown', 'for=_hidden', 'proto=https', 'for="_x:80"'])(
    'stays with the last believed address at %j, and believes what else the element says',
    (element) => {
      const value = `for=6.6.6.6, ${element};host=shop.example, for=10.0.0.1`
      expect(client('forwarded', value)).toMatchObject({ remoteAddr: '10.0.0.1', host: 'shop.example' })
    },
  )

  it.each(['for', 'for=', '=x', 'for=1.1.1.1;for=2.2.2.2', 'for="1.1.1.1', 'for=1.1.1.1 by=x', 'for = 1.1.1.1'])(
    'does not believe %j',
    (value) => {
      expect(client('forwarded', `for=6.6.6.6, ${value}`)).toEqual(nothing)
    },
  )

  it('gives what the trusted proxies appended, whatever the client wrote before', () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV6(), (written, seen) => {
        fc.pre(!trusted.trusts(seen))
        const value = `${written}, for="[${seen}]:80";proto=https, for=10.0.0.1`
        expect(client('forwarded', value)).toEqual(client('forwarded', `for="[${seen}]:80";proto=https`))
      }),
    )
  })

  it('is ignored beside any X-Forwarded field, which the client could not have added past that proxy', () => {
    const spoof = ['forwarded', 'for=6.6.6.6;proto=https;host=evil.example']
    expect(client(...spoof, 'x-forwarded-for', '203.0.113.7')).toEqual({ ...nothing, remoteAddr: '203.0.113.7' })
    expect(client(...spoof, 'x-forwarded-proto', 'http')).toEqual({ ...nothing, scheme: 'http' })
  })
})
