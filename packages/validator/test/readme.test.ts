import { request } from '@tsgi/validator'
import { readFileSync } from 'node:fs'
import { describeReadme } from '@tsgi/readme'
import { expect, test } from 'vitest'
import { rulesPage } from '../scripts/rules-page.ts'
import served, { faults } from './readme-example.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

describeReadme(import.meta.url)

test('and what the README says is found is found', async () => {
  const { log } = await request(served)
  const [first] = log.split('\n')
  expect(read('../README.md')).toContain(first)
  expect(new Set((await faults()).map(({ code }) => code))).toEqual(new Set(['TSGI_V_BODY_FORBIDDEN']))
})

test('RULES.md is what SPEC.md and the remedies say; if not, run `pnpm -F @tsgi/validator generate`', () => {
  expect(read('../RULES.md')).toBe(rulesPage())
})

test('the links of RULES.md lead to headings of SPEC.md', () => {
  const headings = [...read('../../spec/SPEC.md').matchAll(/^### (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  )
  const anchors = [...read('../RULES.md').matchAll(/SPEC\.md#([^)]+)\)/g)].map(([, anchor]) => anchor)
  expect(anchors.filter((anchor) => !headings.includes(anchor ?? ''))).toEqual([])
})
