import type { Environ } from '@tsgi/spec'
import { describe, expect, it } from 'vitest'
import allowedHosts, { isAllowedHost } from './allowed-hosts.ts'

describe('isAllowedHost', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'LOCALHOST:3000',
    'localhost.',
    'app.localhost:3000',
    '127.0.0.1:3000',
    '192.168.1.20',
    '[::1]:3000',
    '[fe80::1]',
    'Dev.Example:80',
    'example.org',
    'a.example.org',
  ])('accepts %s', (host) => {
    expect(isAllowedHost(host, ['dev.example', '.example.org'])).toBe(true)
  })

  it.each([
    'evil.example',
    'localhost.evil.example',
    'localhostevil.example',
    'evillocalhost',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil.example',
    'notexample.org',
    'dev.example.evil.example',
    '[evil]',
    '',
    'a b',
    'localhost:3000:1',
  ])('rejects %s', (host) => {
    expect(isAllowedHost(host, ['dev.example', '.example.org'])).toBe(false)
  })

  it('accepts every name with *', () => {
    expect(isAllowedHost('evil.example', ['*'])).toBe(true)
  })
})

describe('the layer', () => {
  const ask = async (headers: readonly string[]) => {
    let status = 0
    const application = await allowedHosts(
      (_environ, startResponse) => {
        startResponse(200, [])
        return 'hello'
      },
      { hosts: [] },
    )
    const body = await application({ headers } as unknown as Environ, (code) => void (status = code))
    return { status, body }
  }

  it('answers 403 to a foreign host, and says what to do', async () => {
    const { status, body } = await ask(['host', 'evil.example:3000'])
    expect(status).toBe(403)
    expect(body).toContain('This request is for "evil.example"')
    expect(body).toContain('--allowed-hosts evil.example\n')
  })

  it('passes on what is for this machine, and what names no host', async () => {
    expect(await ask(['host', 'localhost:3000'])).toEqual({ status: 200, body: 'hello' })
    expect(await ask([])).toEqual({ status: 200, body: 'hello' })
  })
})
