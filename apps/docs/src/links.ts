/** Links of a page, and where they lead on the site. */
import { posix } from 'node:path'
import { HOME } from './repository.ts'
import type { Page } from './page.ts'

/** A fenced block, which is code and left alone, or a link. */
const BLOCK_OR_LINK = /^( *)(```+)[^]*?^\1\2 *$|(!?\[(?:[^\]\\]|\\.)*\]\()([^)\s]+)\)/gm

/** A target that another host or a heading of the same page has. */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|#|\/)/i

/** Every link outside of fenced blocks, as written. */
export const linksOf = (markdown: string): readonly string[] =>
  [...markdown.matchAll(BLOCK_OR_LINK)].flatMap(([, , , , target]) => target ?? [])

/** Path from the root of the repository, with the heading; `null` where the link leads elsewhere. */
export function repositoryPath(target: string, source: string): string | null {
  if (ELSEWHERE.test(target)) return null
  return posix.join(posix.dirname(source), target)
}

/** The Markdown with links to files of the repository that are pages led there, and others to the repository's home. */
export function siteLinks(page: Page, pages: readonly Page[]): string {
  const pathOf = pagePaths(pages)
  return page.markdown.replaceAll(BLOCK_OR_LINK, (whole, _indent, _fence, open?: string, target?: string) => {
    if (open === undefined || target === undefined) return whole
    const path = repositoryPath(target, page.source)
    return path === null ? whole : `${open}${siteTarget(path, pathOf)})`
  })
}

function siteTarget(path: string, pathOf: ReadonlyMap<string, string>): string {
  const [file = '', heading] = path.split('#')
  const anchor = heading === undefined ? '' : `#${heading}`
  const found = pathOf.get(file.replace(/\/$/, ''))
  if (found !== undefined) return `/${found}${anchor}`
  return `${HOME}/${posix.extname(file) === '' ? 'tree' : 'blob'}/main/${file}${anchor}`
}

/** By file, and by folder where its README is a page. */
export function pagePaths(pages: readonly Page[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>()
  for (const { source, path } of pages) {
    // Generated pages name the file that their links are relative to, which has a page of its own.
    if (path === 'decisions' || path === 'reference/options') continue
    paths.set(source, path)
    if (source.endsWith('/README.md')) paths.set(posix.dirname(source), path)
  }
  return paths
}
