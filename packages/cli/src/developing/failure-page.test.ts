import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LoadError } from '@tsgi/loader'
import type { Environ } from '@tsgi/spec'
import { ServeError } from '@tsgi/spec/server'
import { afterAll, describe, expect, it } from 'vitest'
import { failurePage } from './failure-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsgi-failure-'))
writeFileSync(join(folder, 'app.ts'), 'import "a"\n\nexport default (a b) => 1\n')
afterAll(() => rmSync(folder, { recursive: true }))

async function page(error: unknown, accept = 'text/html'): Promise<{ status: number; body: string }> {
  let status = 0
  const environ = { requestMethod: 'GET', headers: ['accept', accept] } as unknown as Environ
  const body = await failurePage(error, 'app.ts', folder)(environ, (code) => void (status = code))
  return { status, body: String(body) }
}

const thrown = Object.assign(new Error('no database'), {
  stack: `Error: no database\n    at ${join(folder, 'app.ts')}:1:8`,
})
const SYNTAX =
  "app.ts cannot be read: Unexpected identifier 'b'\n\n  app.ts:3\n  export default (a b) => 1\n                    ^\n\nWrite a comma."

describe('the page of an application that does not load', () => {
  it('shows a syntax error with the lines around, and what helps', async () => {
    const { status, body } = await page(new LoadError('TSGI_ERR_APP_UNREADABLE', [SYNTAX]))
    expect(status).toBe(500)
    expect(body).toContain('<h1>app.ts does not load</h1>')
    expect(body).toMatch(/app\.ts cannot be read: Unexpected identifier &#39;b&#39;\n\nWrite a comma\.<\/p>/)
    expect(body).toContain('<span class="hot">    3  export default (a b) =&gt; 1</span>')
  })

  it('shows an error that was thrown, from the application’s own calls', async () => {
    const error = new LoadError(
      'TSGI_ERR_APP_THREW',
      ['app.ts threw while it was loading:', '', '  at app.ts:1:8'],
      thrown,
    )
    const { body } = await page(error)
    expect(body).toContain('<h1>app.ts threw while it was loading</h1>')
    expect(body).toContain('<span class="hot">    1  import &quot;a&quot;</span>')
  })

  it('shows a startup that failed', async () => {
    const { body } = await page(new ServeError('TSGI_ERR_STARTUP', "the application's startup failed: no", thrown))
    expect(body).toContain('<h1>The startup of app.ts failed</h1>')
    expect(body).toContain('Error: no database')
  })

  it('is plain text for other clients', async () => {
    const { body } = await page(new LoadError('TSGI_ERR_APP_UNREADABLE', [SYNTAX]), '*/*')
    expect(body).toContain('\n>    3  export default (a b) => 1\n')
    expect(body).not.toContain('<')
  })
})
