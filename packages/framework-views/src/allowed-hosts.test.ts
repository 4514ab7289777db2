import { request } from '@tsgi/validator'
import { describe, expect, it } from 'vitest'
import { allowsHost } from './allowed-hosts.ts'
import { application } from './application.ts'
import { path } from './patterns.ts'
import { HttpResponse } from './response.ts'
import type { Settings } from './site.ts'

describe('allowsHost', () => {
  it.each([
    ['*', 'any.example', true],
    ['a.example', 'A.Example', true],
    ['a.example', 'a.example.', true],
    ['a.example', 'b.a.example', false],
    ['a.example', 'a.example.evil', false],
    ['.a.example', 'a.example', true],
    ['.a.example', 'b.a.example', true],
    ['.a.example', 'evil-a.example', false],
    ['[::1]', '[::1]', true],
    ['ip', '192.0.2.1', true],
    ['ip', '[2001:db8::1]', true],
    ['ip', '192.0.2.1.example', false],
  ])('of %s: %s: %s', (entry, host, allowed) => {
    expect(allowsHost([entry], host)).toBe(allowed)
  })
})

describe('settings.allowedHosts', () => {
  const answer = async (settings: Partial<Settings>, serverName: string) => {
    const app = application({ urlpatterns: [path('', () => new HttpResponse('ok'))], ...settings })
    return (await request(app, { environ: { serverName } })).status
  }

  it('answers 400 to a host that is not one of them', async () => {
    expect(await answer({ allowedHosts: ['a.example'] }, 'a.example')).toBe(200)
    expect(await answer({ allowedHosts: ['a.example'] }, 'evil.example')).toBe(400)
    expect(await answer({ allowedHosts: [] }, 'a.example')).toBe(400)
  })

  it('are by default any host, and in development localhost and IP addresses', async () => {
    expect(await answer({ development: false }, 'a.example')).toBe(200)
    for (const host of ['localhost', 'a.localhost', 'site.test', '192.0.2.1', '[::1]']) {
      expect(await answer({ development: true }, host)).toBe(200)
    }
    expect(await answer({ development: true }, 'evil.example')).toBe(400)
  })

  it('name the setting in the page of development, and nothing in that of production', async () => {
    const page = async (development: boolean) => {
      const app = application({ urlpatterns: [], development, allowedHosts: ['a.example'] })
      return (await request(app, { environ: { serverName: 'evil.example' } })).body.toString()
    }
    expect(await page(true)).toContain('settings.allowedHosts')
    expect(await page(false)).not.toMatch(/evil|allowedHosts/)
  })
})
