/** The README of the repository: what it says, and its translation. */
import { readResult, terminalReport } from '../../../packages/bench/src/index.ts'
import { describe, expect, it } from 'vitest'
import { proseLines } from '../src/headings.ts'
import { linksOf } from '../src/links.ts'
import { filesLike, readText, ROOT } from '../src/repository.ts'

const english = readText('README.md')
const chinese = readText('README.zh-CN.md')

const headings = (markdown: string): readonly (string | undefined)[] =>
  proseLines(markdown).flatMap((line) => /^(#+) /.exec(line)?.[1] ?? [])
const blocks = (markdown: string): readonly string[] => [...markdown.matchAll(/^```\w*\n[^]*?^```$/gm)].map(String)
const figures = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^\| .* \| (\d\.\d\d) (\(.*\)) \|$/gm)].map(([, ratio, range]) => `${ratio} × ${range}`)

describe('README.zh-CN.md', () => {
  it('has the headings of the README, level by level', () => {
    expect(headings(chinese)).toEqual(headings(english))
  })

  it('has the code of the README', () => {
    expect(blocks(chinese)).toEqual(blocks(english))
    expect(blocks(english).length).toBeGreaterThan(3)
  })

  it('has the figures of the README, and leads where it does', () => {
    expect(figures(chinese)).toEqual(figures(english))
    const targets = (markdown: string) =>
      [...new Set(linksOf(markdown))].filter((target) => !target.startsWith('README'))
    expect(targets(chinese)).toEqual(targets(english))
  })
})

describe('README.md', () => {
  it('has the figures of the report', async () => {
    const report = terminalReport(await readResult(`${ROOT}docs/reports/pairings.html`))
    const [, plainText = ''] = report.split('Plain text (')
    const rows = ['raw on event-loop', 'express on event-loop', 'hono on event-loop (--fast-globals)'].map((label) =>
      plainText.split('\n').find((line) => line.startsWith(label)),
    )
    expect(figures(english)).toHaveLength(3)
    figures(english).forEach((figure, index) => expect(rows[index]).toContain(figure))
  })

  it('names every published package, in packages/README.md', () => {
    const rows = readText('packages/README.md')
    const names = filesLike('packages/*/package.json')
      .map((file) => JSON.parse(readText(file)) as { name: string; private?: boolean })
      .filter((manifest) => manifest.private !== true)
      .map(({ name }) => name)
    expect(names.filter((name) => !rows.includes(`| [${name}](`))).toEqual([])
  })
})
