/** The page of the grid in a browser: a grid with one failing cell, on a desktop and on a phone. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { page } from '../src/grid/page.ts'
import type { MatrixResults, Result } from '../src/grid/results.ts'
import { gridCounts } from '../src/grid/counts.ts'
import { gridSummary, gridTable } from '../src/grid/table.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

const passed = (id: string): Result => ({ id, title: `does ${id}`, clause: 'SPEC.md L.5, HEAD', verdict: 'passed' })
const failed: Result = {
  id: 'head',
  title: 'answers HEAD',
  clause: 'SPEC.md L.5, HEAD',
  verdict: 'failed',
  failure: {
    expected: 'a length',
    got: '</script><b>none</b>',
    wire: '→ HEAD /text HTTP/1.1␍␊',
    log: ['error the pool is empty'],
    again: "curl -i -X HEAD 'http://h/text'",
  },
}
const cannot: Result = { ...passed('mount'), verdict: 'cannot', reason: 'it has no mounts' }

const MATRIX: MatrixResults = {
  made: '2026-11-23',
  node: 'v26.10.0',
  servers: ['node:http', 'event-loop'],
  hosts: [],
  frameworks: ['raw', 'Hono'],
  versions: { Hono: '4.13.19' },
  cells: [
    { server: 'node:http', framework: 'raw', results: [passed('text'), passed('head'), passed('mount')] },
    { server: 'event-loop', framework: 'raw', results: [passed('text'), passed('head'), passed('mount')] },
    { server: 'node:http', framework: 'Hono', results: [passed('text'), passed('head'), cannot] },
    { server: 'event-loop', framework: 'Hono', results: [passed('text'), failed, cannot] },
  ],
  conformance: [
    { server: 'event-loop', results: [passed('text'), passed('head'), passed('probe')] },
    { server: 'node:http, bare', results: [passed('text'), failed, { ...cannot, id: 'probe' }] },
  ],
}

const TABLE = `10 of 11 pass; 3 cannot hold, each with its reason.

| | node:http | event-loop |
|---|---|---|
| raw | ✓ 3/3 | ✓ 3/3 |
| Hono | ✓ 2/2 (1) | ✗ 1/2 (1) |
| *kit of servers* | · | ✓ 3/3 |

| servers of others | Hono | *kit of servers* |
|---|---|---|
| theirs 7.8.9 | ✓ 1/1 (1) | ✓ 1/1 (2) |
`

test('the tables count, and give the reasons; the summary is the same without them', () => {
  const late = { ...cannot, id: 'late', reason: 'it sends heads late' }
  const grid = gridCounts({
    ...MATRIX,
    servers: [...MATRIX.servers, 'theirs'],
    hosts: ['theirs'],
    versions: { theirs: '7.8.9' },
    cells: [...MATRIX.cells, { server: 'theirs', framework: 'Hono', results: [passed('text'), late] }],
    conformance: [
      ...MATRIX.conformance,
      { server: 'theirs', results: [passed('text'), late, { ...late, id: 'flush' }] },
    ],
  })
  expect(gridSummary(grid)).toBe(TABLE)
  expect(gridTable(grid)).toBe(`${TABLE}
In brackets, what cannot hold:

- Hono, \`mount\`: it has no mounts

On theirs:

- \`late\`, \`flush\`: it sends heads late
`)
})

if (CHROMIUM === undefined) console.warn('skipped: no Chromium is installed')

describe.skipIf(CHROMIUM === undefined)('in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let folder: string
  let url: string
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS.split(' ') })
    folder = await mkdtemp(join(tmpdir(), 'tsgi-grid-'))
    const file = join(folder, 'grid.html')
    await writeFile(file, await page(MATRIX))
    url = pathToFileURL(file).href
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const errors: Error[] = []
  async function open(width: number, hash = ''): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width, height: 800 } })
    opened.on('pageerror', (error) => errors.push(error))
    await opened.goto(url + hash)
    return opened
  }

  test('counts in its headline, and a failing cell opens to what came', async () => {
    const desktop = await open(1200)
    expect(await desktop.textContent('#headline')).toBe('9 pass, 1 fail, 2 cannot hold, each with its reason')
    await desktop.click('text=✗ 1/2')
    const open_ = desktop.locator('#cell details[open]')
    expect(await open_.count()).toBe(1)
    expect(await open_.innerText()).toContain('</script><b>none</b>')
    expect(await open_.innerText()).toContain("curl -i -X HEAD 'http://h/text'")
    expect(await open_.locator('pre').first().innerText()).toBe('→ HEAD /text HTTP/1.1\\r\\n')
    expect(await open_.locator('pre').last().innerText()).toBe('error the pool is empty')
    expect(errors).toEqual([])
  })

  test('shows only what differs from node:http', async () => {
    const desktop = await open(1200)
    await desktop.check('#differs')
    expect(await desktop.locator('#grid-table td a').allInnerTexts()).toEqual(['✗ 1/2 – 1'])
  })

  test('has a link to each case, and a tab of servers by clause', async () => {
    const direct = await open(1200, '#cell/Hono/event-loop/text')
    expect(await direct.locator('#cell details[open] summary').innerText()).toContain('✓ text')
    await direct.click('#tab-clauses')
    expect(await direct.locator('#clause-table thead').innerText()).toContain('1/2')
    expect(await direct.textContent('#headline')).toContain('3 behaviours of 2 servers')
    await direct.click('text=✗ fails')
    expect(await direct.locator('#behaviour').innerText()).toContain('a length')
    // Of three rows one differs: what was not asked is no difference.
    await direct.check('#differs')
    expect(await direct.locator('#clause-table tbody tr').count()).toBe(1)
  })

  test('fits a phone: the page does not scroll sideways', async () => {
    const phone = await open(360, '#cell/Hono/event-loop/head')
    const overflow = await phone.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(overflow).toBe(0)
  })
})
