import { freePort } from '@tsgi/free-port'
import { describe, expect, it } from 'vitest'
import { scrape, site } from './second-server-setup.ts'

describe('a second server of the application', () => {
  it('listens on its own port, and the log names it', async () => {
    const port = await freePort()
    using folder = site()
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'], { METRICS: String(port) })
    expect(await (await tsgi.get('/x')).text()).toBe('app')
    expect(await scrape(port)).toMatch(/^metrics of \d+$/)
    expect(tsgi.stdout).toBe('metrics callback\n')
    expect(tsgi.stderr).toContain(`"also":"on port ${port}"`)
    expect(await tsgi.stop()).toBe(0)
  })
})
