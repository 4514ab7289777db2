import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const example = new URL('readme-example.ts', import.meta.url)

test('the example of the README is the one that runs here', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(example, 'utf8')}\`\`\``)
})

test('it says what the fields say', () => {
  const out = execFileSync(process.execPath, ['--conditions=source', fileURLToPath(example)], { encoding: 'utf8' })
  expect(out.split('\n')).toEqual([
    '203.0.113.7 https',
    'not modified',
    'gzip',
    '[ { first: 0, last: 4 }, { first: 8, last: 9 } ]',
    'null',
    '',
  ])
})
