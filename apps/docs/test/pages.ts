import type { Page } from '../src/page.ts'
import { allPages } from '../src/sections.ts'
import { filesLike, readText } from '../src/repository.ts'

export const PAGES: readonly Page[] = allPages()

/** Pages that are written for the site. READMEs have tests of their own: tooling/release follows them as a newcomer. */
export const WRITTEN: readonly Page[] = PAGES.filter(({ source }) => /^(?:docs\/|SECURITY\.md$)/.test(source))

/** Markdown files that are not pages of the site, but that readers meet in the repository. */
export const BESIDE: readonly { readonly source: string; readonly markdown: string }[] = [
  ...filesLike('*.md', '.github/**/*.md'),
].map((source) => ({ source, markdown: readText(source) }))
