/** The table of contents: which file is which page, in the order of the sidebar. */
import { posix } from 'node:path'
import { decisions } from './generated/decisions.ts'
import { options } from './generated/options.ts'
import { packageExports, packages } from './generated/packages.ts'
import { validatorRules } from './generated/validator-rules.ts'
import { titleOf } from './headings.ts'
import type { Page, Section } from './page.ts'
import { filesLike, isThere, readText } from './repository.ts'

/** A file of the repository as a page. */
function page(source: string, path: string, title?: string): Page {
  const text = readText(source)
  const name = title ?? titleOf(text) ?? path
  // A file that is made by a command may begin with its table.
  return { path, source, title: name, markdown: titleOf(text) === undefined ? `# ${name}\n\n${text}` : text }
}

/** Those that exist: some pages are written with the feature that they describe. */
const some = (...sources: readonly string[]): readonly Page[] =>
  sources.filter(isThere).map((source) => page(source, pathOf(source)))

const pathOf = (source: string): string => posix.join(source.replace(/^docs\//, '').replace(/\.md$/, ''))

const START = ['docs/why.md', 'docs/start.md', 'docs/tutorial.md', 'docs/ten-minutes.md']
const GUIDES = [
  'docs/guides/servers.md',
  'docs/guides/frameworks.md',
  'docs/guides/languages.md',
  'docs/guides/middleware.md',
  'docs/guides/streaming.md',
  'docs/guides/testing.md',
  'docs/guides/state.md',
  'docs/guides/moving.md',
]
const EXTEND = [
  'docs/extend/server.md',
  'docs/extend/framework.md',
  'docs/extend/adapter.md',
  'docs/extend/kit.md',
  'docs/extend/first-tasks.md',
]
const REFERENCE = ['docs/reference/errors.md', 'docs/reference/strictness.md', 'docs/reference/faults.md']
const PROJECT = ['docs/benchmarks.md', 'docs/performance.md', 'docs/dialects.md', 'docs/glossary.md']

/** Files of `docs/` without a place in the lists above: they follow the guides. */
const others = (): readonly string[] => {
  const placed = new Set([...START, ...GUIDES, ...EXTEND, ...REFERENCE, ...PROJECT, 'docs/architecture.md'])
  return filesLike('docs/*.md', 'docs/guides/*.md').filter((path) => !placed.has(path))
}

export function sections(): readonly Section[] {
  return [
    { title: 'Start', pages: some(...START) },
    { title: 'Guides', pages: [...some(...GUIDES), ...some(...others())] },
    { title: 'Extend', pages: [...some(...EXTEND), page('CONTRIBUTING.md', 'contributing')] },
    {
      title: 'Reference',
      pages: [
        page('packages/spec/SPEC.md', 'reference/spec', 'Specification'),
        options(),
        ...some(...REFERENCE),
        validatorRules(),
        page('test-matrix/GRID.md', 'reference/grid', 'The grid'),
      ],
    },
    { title: 'Packages', pages: packages() },
    {
      title: 'Project',
      pages: [
        page('docs/architecture.md', 'architecture'),
        page('SECURITY.md', 'security'),
        ...some(...PROJECT),
        ...decisions().slice(0, 1),
      ],
    },
  ]
}

/** Every page of the site but the first. */
export const allPages = (contents: readonly Section[] = sections()): readonly Page[] => [
  ...contents.flatMap(({ pages }) => pages),
  ...packageExports(),
  ...decisions().slice(1),
]
