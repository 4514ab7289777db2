import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const FOLDER = new URL('readme/', import.meta.url)

test('the example of the README is the one that runs here', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const files = readdirSync(FOLDER)
  expect(files).toHaveLength(2)
  for (const file of files) {
    expect(readme).toContain(`\`\`\`ts\n// ${file}\n${readFileSync(new URL(file, FOLDER), 'utf8')}\`\`\``)
  }
})

test('it does what it says, and ends by itself', () => {
  const out = execFileSync(process.execPath, [fileURLToPath(new URL('main.ts', FOLDER))], { encoding: 'utf8' })
  expect(out).toMatch(/^worker [01]\n$/)
})
