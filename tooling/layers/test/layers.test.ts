import { describe, expect, test } from 'vitest'
import { complaints, FLOORS, type Floor, foldersOf, PACKAGES } from '../layers.ts'
import { between, contributingTable, lintConfig, picture } from '../outputs.ts'

const floors: readonly Floor[] = [
  { floor: 'below', packages: { spec: [] } },
  { floor: 'above', packages: { exchange: ['spec'], cli: ['*'] } },
]

describe('the table of layers', () => {
  test('has every package of this repository', () => {
    expect(complaints(FLOORS, foldersOf(PACKAGES))).toEqual([])
  })

  test('reports a package that is missing, one too many, and an import that goes up', () => {
    expect(complaints(floors, ['cli', 'exchange', 'spec', 'new'])[0]).toContain('packages/new is missing')
    expect(complaints(floors, ['cli', 'spec'])[0]).toContain('packages/exchange does not exist')
    const up: Floor[] = [{ floor: 'one', packages: { spec: ['exchange'] } }, ...floors.slice(1)]
    expect(complaints(up, ['cli', 'exchange', 'spec'])[0]).toContain('spec may not import exchange')
  })

  test('becomes rules of lint, and leaves other rules alone', () => {
    const other = { files: ['x'], rules: { 'no-console': 'off' } }
    const config = JSON.parse(lintConfig(JSON.stringify({ overrides: [other] }), floors))
    const [spec, exchange, last] = config.overrides
    const forbids = (override: typeof spec, name: string): boolean =>
      new RegExp(override.rules['no-restricted-imports'][1].patterns[0].regex).test(name)
    expect(forbids(spec, '@tsgi/exchange')).toBe(true)
    expect(forbids(spec, '@tsgi/exchange/body-memory')).toBe(true)
    expect(forbids(exchange, '@tsgi/spec')).toBe(false)
    expect(forbids(exchange, 'tsgi')).toBe(true)
    expect(last).toEqual(other)
  })

  test('becomes a table and a picture', () => {
    expect(contributingTable(floors)).toContain('| exchange | spec |')
    expect(contributingTable(floors)).toContain('| tsgi | all of the above |')
    expect(picture(floors)).toContain('exchange · tsgi   above')
    expect(between('a\n<!-- x -->old<!-- end of x -->\n', 'x', 'new')).toBe(
      'a\n<!-- x -->\n\nnew\n\n<!-- end of x -->\n',
    )
  })
})
