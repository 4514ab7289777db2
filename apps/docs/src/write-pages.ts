/** Writes what VitePress reads: each page with its links led to pages of the site, and the first page. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { siteLinks } from './links.ts'
import { allPages } from './sections.ts'

export const PAGES: string = fileURLToPath(new URL('../pages/', import.meta.url))

export function writePages(folder: string = PAGES): void {
  rmSync(folder, { recursive: true, force: true })
  const pages = allPages()
  for (const page of pages) write(`${folder}${page.path}.md`, withoutComments(siteLinks(page, pages)))
  write(`${folder}index.md`, readFileSync(new URL('../home.md', import.meta.url), 'utf8'))
}

/** Marks for the commands that write parts of a file are no text for readers. */
const withoutComments = (markdown: string): string => markdown.replaceAll(/^<!--.*?-->\n/gm, '')

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

if (import.meta.main) writePages()
