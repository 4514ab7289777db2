/** What stands in this repository for others to learn from breaks no clause: `tsgi check` over each of it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tsgi-clean-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Of the site, all pages but `/motion`, which streams for longer than a test should take. */
const SUBJECTS: readonly (readonly [app: string, ...paths: string[]])[] = [
  ['apps/mini-web/app.ts', '/time', '/environ', '/hello/World', '/download', '/served-by', '/guestbook', '/lab'],
  ['apps/notes-hono/app.ts', '/', '/notes/new/', '/api/notes', '/api/notes/1'],
  ['apps/notes-views/app.ts', '/', '/notes/new/', '/notes/1/'],
  ['packages/adapter-fetch/test/readme-example.ts', '/'],
  ['packages/adapter-wsgi/test/readme-example.ts', '/'],
  ['packages/framework-mini/test/readme-example.ts', '/', '/hello/World', '/guests/0', '/countdown'],
  ['packages/framework-views/test/readme-example.ts', '/'],
  ['packages/spec/test/readme-example.ts', '/'],
  ['tooling/cpu-per-request/servers/mini.ts', '/', '/json'],
  ['tooling/cpu-per-request/servers/raw.ts', '/'],
]

test.concurrent.each(SUBJECTS)('%s runs clean', { timeout: 60_000 }, async (app, ...paths) => {
  const { NODE_OPTIONS: _options, VITEST: _vitest, NODE_ENV: _env, DATABASE_URL: _database, ...env } = process.env
  const places = {
    NOTES_FILE: join(folder, `${app.replaceAll('/', '-')}.sqlite`),
    GUESTBOOK_DB: join(folder, 'book.sqlite'),
    SECRET_KEY: 's'.repeat(32),
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--', at('packages/cli/bin/tsgi.js'), 'check', at(app), ...paths],
    { cwd: dirname(at(app)), env: { ...env, ...places } },
  )
  expect(stdout).toMatch(/^(failed: .*\n)*\d+ requests, 0 findings\n$/)
})
