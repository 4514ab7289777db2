import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import application from './readme-example.ts'
import { HANDSHAKE, shakeWith } from './wire.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the example of the README is the one that runs here', () => {
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL('readme-example.ts', import.meta.url), 'utf8')}\`\`\``)
})

test('the table names every option and no other', () => {
  const source = readFileSync(new URL('../src/options.ts', import.meta.url), 'utf8')
  const [, members = ''] = /export interface WebSocketOptions \{\n([^]*?)\n\}/.exec(source) ?? []
  const expected = [...members.matchAll(/^ {2}readonly (\w+)\?/gm)].map((match) => match[1])
  const [, section = ''] = /^## Options\n([^]*?)^## /m.exec(readme) ?? []
  expect([...section.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])).toEqual(expected)
})

test('it accepts a handshake', () => {
  expect(shakeWith(application, HANDSHAKE).status).toBe(101)
})
