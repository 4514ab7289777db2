import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clausesModule, clausesOfSpec } from '../scripts/clauses-of-spec.ts'
import { CLAUSES } from './clauses.ts'

const root = new URL('../', import.meta.url)
const markdown = readFileSync(new URL('SPEC.md', root), 'utf8')
const clauses = clausesOfSpec(markdown)

test('clauses.ts is what SPEC.md says; if not, run `pnpm -F @tsgi/spec generate`', () => {
  expect(readFileSync(new URL('src/clauses.ts', root), 'utf8')).toBe(clausesModule(clauses))
})

test('every heading of the third level is a clause', () => {
  expect(clauses.length).toBe(markdown.match(/^### /gm)?.length)
})

test('clauses are numbered from 1 in each section, in the order of the page', () => {
  const next = new Map<string, number>()
  for (const { id } of clauses) {
    const section = id.slice(0, 1)
    expect(id).toBe(`${section}.${next.get(section) ?? 1}`)
    next.set(section, Number(id.slice(2)) + 1)
    expect(markdown).toContain(`\n## ${section}. `)
  }
})

test.each(clauses)('$id gives its reason', ({ text }) => {
  expect(text).toMatch(/^\*Why:\* \S/m)
})

test('every clause that the text cites exists', () => {
  const cited = [...markdown.matchAll(/(?<![\w.])([A-Z]\.\d+)(?![\d.]*\w)/g)].map(([, id]) => id ?? '')
  expect(cited.filter((id) => !(id in CLAUSES))).toEqual([])
  expect(cited.length).toBeGreaterThan(clauses.length)
})

test('no code stands in two clauses', () => {
  const codes = clauses.flatMap(({ rules }) => rules.map(({ code }) => code))
  expect(codes.toSorted()).toEqual([...new Set(codes)].toSorted())
  expect(markdown.match(/TSGI_V_[A-Z_]+/g)?.toSorted()).toEqual(codes.toSorted())
})

test('links inside the page and to files lead somewhere', () => {
  const anchors = [...markdown.matchAll(/^## (.+)$/gm)].map(
    ([, title]) => `#${(title ?? '').toLowerCase().replaceAll('.', '').replaceAll(' ', '-')}`,
  )
  for (const [, target = ''] of markdown.matchAll(/\]\((?!https:)([^)]+)\)/g)) {
    expect(target.startsWith('#') ? anchors.includes(target) : existsSync(new URL(target, root)), target).toBe(true)
  }
})

test('a malformed list of codes is an error, not an omission', () => {
  expect(() => clausesOfSpec('### E.1 Title\n\n*Validator:* `TSGI_V_X` (somebody)\n')).toThrow('(somebody)')
})
