import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const example = new URL('readme-example.ts', import.meta.url)

test('the example of the README is the one that runs here', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(example, 'utf8')}\`\`\``)
})

test('it prints one span', () => {
  const out = execFileSync(process.execPath, ['--conditions=source', fileURLToPath(example)], { encoding: 'utf8' })
  expect(out).toBe('GET /cart 200 3\n')
})
