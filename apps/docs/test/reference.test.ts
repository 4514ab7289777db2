/** What the reference pages say, compared with the sources that they are about. */
import { forceOf, SERVER_BEHAVIOURS } from '@tsgi/conformance'
import { describe, expect, it } from 'vitest'
import { EXCHANGE_ERRORS } from '../../../packages/exchange/src/errors.ts'
import { OPTION_ROWS, flagName } from '../../../packages/cli/src/settings/options.ts'
import { filesLike, readText } from '../src/repository.ts'

/** Rows of tables, as their cells. */
const rowsOf = (markdown: string): readonly (readonly string[])[] =>
  [...markdown.matchAll(/^\| (.+) \|$/gm)].map(([, cells = '']) => cells.split(/ ?\| ?/))

const sources = filesLike('packages/*/src/**/*.ts').filter((file) => !/\.test\.ts$|\/scaffolds\//.test(file))

describe('error codes', () => {
  const page = readText('docs/reference/errors.md')
  const documented = [...page.matchAll(/^\| `(TSGI_ERR_\w+)`/gm)].map(([, code]) => code)

  it('of the sources each have a row, and no other has', () => {
    const inSources = sources.flatMap((file) =>
      [...readText(file).matchAll(/'(TSGI_ERR_[A-Z0-9_]*[A-Z0-9])'|^ {2}(TSGI_ERR_[A-Z0-9_]+): \{$/gm)].map(
        ([, quoted, key]) => quoted ?? key,
      ),
    )
    expect(documented.toSorted()).toEqual([...new Set(inSources)].toSorted())
  })

  it('of a request have the words that the sources have for them', () => {
    for (const [code, { meaning, remedy }] of Object.entries(EXCHANGE_ERRORS)) {
      expect(page).toContain(`| \`${code}\` | ${meaning} | ${remedy} |`)
    }
  })
})

describe('strictness', () => {
  const ids = SERVER_BEHAVIOURS.map(({ id }) => id)
  const rows = rowsOf(readText('docs/reference/strictness.md')).filter(([number = '']) => /^\d+$/.test(number))

  it('has its rows in order', () => {
    expect(rows.map(([number]) => Number(number))).toEqual(Array.from({ length: 41 }, (_, index) => index + 1))
  })

  it.each(rows.map((cells) => [cells[0], cells.at(-1) ?? ''] as const))('row %s names cases of the kit', (_, cell) => {
    const named = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(0)
    for (const name of named) {
      const found = ids.filter((id) => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name))
      expect(found, name).not.toEqual([])
    }
  })

  it('leaves out no request that the kit wants refused', () => {
    const named = rows.flatMap((cells) => [...(cells.at(-1) ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
    const isNamed = (id: string) =>
      named.some((name) => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name))
    // Those of the same family, whose first names the row: `host-port-word` beside `host-userinfo`.
    const family = (id: string) => named.some((name) => name.split('-')[0] === id.split('-')[0])
    const refused = SERVER_BEHAVIOURS.filter(({ level, title }) => level === 2 && title.startsWith('refuses '))
    expect(refused.filter(({ id }) => !isNamed(id) && !family(id)).map(({ id }) => id)).toEqual([])
    expect(new Set(refused.map(forceOf))).toEqual(new Set(['must', 'should', 'ours']))
  })
})

describe('faults', () => {
  it('each have a test that says its number', () => {
    const rows = rowsOf(readText('docs/reference/faults.md')).filter(([number = '']) => /^\d+$/.test(number))
    const titles = filesLike('packages/*/test/**/*.ts', 'tooling/faults/src/**/*.ts').map(readText).join('\n')
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.filter(([number]) => !new RegExp(`['\`]row ${number}\\b`).test(titles))).toEqual([])
  })
})

describe('defaults of SECURITY.md', () => {
  it('are those of the options', () => {
    const table = rowsOf(readText('SECURITY.md')).filter((cells) => (cells[2] ?? '').startsWith('`--'))
    expect(table.length).toBeGreaterThan(8)
    for (const [, said = '', flag = ''] of table) {
      const row = OPTION_ROWS.find(([name]) => `\`--${flagName(name)}\`` === flag)
      expect(row, flag).toBeDefined()
      const preset = row?.[1].default
      if (preset === undefined || /[a-z]{3}/.test(said)) continue
      expect(said.replaceAll(/[ ,]/g, ''), flag).toBe(String(preset))
    }
  })
})

describe('the templates of create-tsgi', () => {
  it.each(['server', 'framework', 'adapter'])('%s is the code of its page', (room) => {
    const template = readText(`packages/create-tsgi/templates/rooms/${room}/src/index.ts`)
    const blocks = [...readText(`docs/extend/${room}.md`).matchAll(/```ts\n\/\/ \S+\n([^]*?)```/g)].map(
      ([, code]) => code,
    )
    expect(blocks).toContain(template.replace("'NAME'", "'own'"))
  })
})
