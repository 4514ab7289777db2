/** The README of @tsgi/metrics needs a server, which its own package cannot have. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const example = new URL('readme-example.ts', import.meta.url)

test('the example of the README of @tsgi/metrics is the one that runs here', () => {
  const readme = readFileSync(new URL('../../../metrics/README.md', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(example, 'utf8')}\`\`\``)
})

test('it prints that one request was counted', () => {
  const out = execFileSync(process.execPath, ['--conditions=source', fileURLToPath(example)], { encoding: 'utf8' })
  expect(out).toMatch(/^http_server_request_duration_seconds_count\{http_request_method="GET",.*\} 1\n$/)
})
