import { posix } from 'node:path'
import { titleOf } from '../headings.ts'
import { filesLike, readText } from '../repository.ts'
import type { Page } from '../page.ts'

const FOLDERS = [
  'packages/*/decisions/*.md',
  'test-matrix/decisions/*.md',
  'apps/*/decisions/*.md',
  'docs/decisions/*.md',
]

const ownerOf = (source: string): string => posix.basename(posix.dirname(posix.dirname(source)))

/** The index, and then a page for each record. */
export function decisions(): readonly [Page, ...Page[]] {
  const records = filesLike(...FOLDERS).map((source) => ({
    path: `decisions/${ownerOf(source)}/${posix.basename(source, '.md')}`,
    source,
    markdown: readText(source),
    title: titleOf(readText(source)) ?? source,
  }))
  const byOwner = Map.groupBy(records, ({ source }) => ownerOf(source))
  const lists = [...byOwner].map(
    ([owner, own]) => `## ${owner}\n\n${own.map(({ title, source }) => `- [${title}](${source})`).join('\n')}\n`,
  )
  const index = {
    path: 'decisions',
    title: 'Decisions',
    source: 'README.md',
    markdown: `# Decisions

Choices that a reader would question, each with its context, what it costs and what would show that it was wrong. A record stands in the
\`decisions/\` folder of what it concerns.

${lists.join('\n')}`,
  }
  return [index, ...records]
}
