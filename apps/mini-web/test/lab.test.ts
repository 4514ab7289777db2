import { rmSync } from 'node:fs'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { serveSite, type Site } from './serve-site.ts'
import { folder, database } from './lab-setup.ts'

let site: Site | undefined

async function serve(mode: string, ...flags: readonly string[]): Promise<Site> {
  vi.stubEnv('NODE_ENV', mode)
  site = await serveSite(database, ...flags)
  return site
}

afterEach(async () => {
  vi.unstubAllEnvs()
  await site?.stop()
  site = undefined
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the lab', { timeout: 60_000 }, () => {
  it('is not there in production', async () => {
    const { url } = await serve('production')
    for (const path of ['lab', 'lab/pulse']) expect((await fetch(url + path)).status).toBe(404)
    expect((await fetch(`${url}lab/kill`, { method: 'POST' })).status).toBe(404)
    expect(await (await fetch(`${url}time`)).text()).not.toContain('/lab')
  })

  it('takes orders from its own page only', async () => {
    const { url } = await serve('development')
    const headers = [{ 'sec-fetch-site': 'cross-site' }, { origin: 'http://evil.example' }]
    for (const header of headers)
      expect((await fetch(`${url}lab/kill`, { method: 'POST', headers: header })).status).toBe(403)
    expect((await fetch(`${url}lab/pulse`)).status).toBe(200)
  })
})
