/** The quick part of site.slow.test.ts: the pages that VitePress reads, served as they are. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { proseLines } from '../src/headings.ts'
import { writePages } from '../src/write-pages.ts'
import { PAGES } from './pages.ts'
import { serveStatic } from './site.ts'

describe('the site', () => {
  it('has each page once, with a title', () => {
    const paths = PAGES.map(({ path }) => path)
    expect(paths).toEqual([...new Set(paths)])
    expect(PAGES.filter(({ title, path }) => title === path || title === '')).toEqual([])
  })

  it('has no text that VitePress would take for an expression', () => {
    const outsideOfCode = ({ markdown }: { markdown: string }) =>
      proseLines(markdown).map((line) => line.replaceAll(/`[^`]*`/g, ''))
    expect(PAGES.filter((page) => outsideOfCode(page).some((line) => line.includes('{{')))).toEqual([])
  })

  it('is served by the command', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'docs-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writePages(`${folder}/`)
    await using served = await serveStatic(folder)
    const response = await fetch(`${served.url}start.md`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('# Get started')
  })
})
