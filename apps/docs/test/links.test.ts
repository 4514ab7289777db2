import { describe, expect, it } from 'vitest'
import { slugs } from '../src/headings.ts'
import { linksOf, pagePaths, repositoryPath, siteLinks } from '../src/links.ts'
import { filesLike, isThere, readText } from '../src/repository.ts'
import { BESIDE, PAGES } from './pages.ts'

/** What is wrong with a link: nothing of that name, or no heading of that name in it. */
function fault(target: string, source: string, markdown: string): string | undefined {
  if (target.startsWith('#')) return slugs(markdown).has(target.slice(1)) ? undefined : `${target}: no such heading`
  const path = repositoryPath(target, source)
  if (path === null) return undefined
  const [file = '', heading] = path.split('#')
  if (!isThere(file)) return `${target}: no such file`
  if (heading === undefined) return undefined
  if (!file.endsWith('.md')) return `${target}: expected a heading of a Markdown file`
  return slugs(readText(file)).has(heading) ? undefined : `${target}: no such heading in ${file}`
}

describe('links', () => {
  it.each([...PAGES, ...BESIDE])('of $source lead somewhere', ({ source, markdown }) => {
    expect(linksOf(markdown).flatMap((target) => fault(target, source, markdown) ?? [])).toEqual([])
  })

  it('are checked with their headings', () => {
    expect(fault('../README.md#no-such', 'docs/why.md', '')).toMatch(/no such heading/)
    expect(fault('no-such.md', 'docs/why.md', '')).toMatch(/no such file/)
    expect(fault('../README.md', 'docs/why.md', '')).toBeUndefined()
  })

  it('to files that are pages stay on the site, others lead to the repository', () => {
    const page = {
      path: 'why',
      title: '',
      source: 'docs/why.md',
      markdown: '[a](start.md#by-hand) [b](../packages/spec) [c](../turbo.json)\n```ts\n[d](start.md)\n```\n',
    }
    const [a, b, c, d] = [...siteLinks(page, PAGES).matchAll(/\(([^)]+)\)/g)].map(([, target]) => target)
    expect([a, b, d]).toEqual(['/start#by-hand', '/packages/spec', 'start.md'])
    expect(c).toMatch(/^https:.*\/blob\/main\/turbo\.json$/)
  })

  it('reach every page of docs/ from the table of contents', () => {
    const paths = pagePaths(PAGES)
    expect(filesLike('docs/**/*.md').filter((file) => !paths.has(file))).toEqual([])
  })
})
