import { expect, test } from 'vitest'
import { withTable } from './markdown-file.ts'

const TABLE = '| | a |\n|---|---|\n'

test('fills in what stands between the two comments, again and again', () => {
  const before = '# Mine\n\n<!-- matrix -->\n<!-- end of matrix -->\n\nmore\n'
  const once = withTable(before, TABLE, 'README.md')
  expect(once).toBe(`# Mine\n\n<!-- matrix -->\n\n${TABLE}\n<!-- end of matrix -->\n\nmore\n`)
  expect(withTable(once, TABLE, 'README.md')).toBe(once)
})

test('makes anew what it made', () => {
  const made = withTable('<!-- Made by `tsgi matrix`. -->\n\nold\n', TABLE, 'matrix.md')
  expect(made).toBe(`<!-- Made by \`tsgi matrix\`. -->\n\n${TABLE}`)
})

test('leaves alone what somebody wrote', () => {
  expect(() => withTable('# Notes\n', TABLE, 'NOTES.md')).toThrow(/NOTES\.md was not made by this command/)
  expect(() => withTable('<!-- end of matrix -->\n<!-- matrix -->\n', TABLE, 'a.md')).toThrow(/no place for the grid/)
})
