import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import application from './readme-example.ts'
import { HANDSHAKE, shakeWith } from './wire.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the example of the README is the one that runs here', () => {
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL('readme-example.ts', import.meta.url), 'utf8')}\`\`\``)
})

test('it accepts a handshake', () => {
  expect(shakeWith(application, HANDSHAKE).status).toBe(101)
})
