import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { plan } from '../running/plan.ts'
import { installedServers } from './installed-servers.ts'

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const files = {
    'package.json': { dependencies: { served: '*', hono: '*', missing: '*' } },
    'node_modules/served/package.json': { name: 'served', keywords: ['tsgi-server'] },
    'node_modules/hono/package.json': { name: 'hono', keywords: ['framework'] },
    'inner/a.json': {},
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), JSON.stringify(content))
  }
  return folder
}

test('are the dependencies whose keywords say so', () => {
  const folder = project()
  expect(installedServers(folder)).toEqual(['served'])
  expect(installedServers(join(folder, 'inner'))).toEqual(['served'])
})

test('are among all servers, and can be named', () => {
  const cwd = project()
  const ids = (servers: string[]): string[] => plan({ servers, apps: ['hono'], cwd }).rows.map(({ id }) => id)
  expect(ids(['all'])).toContain('served × hono × plaintext')
  expect(ids(['served'])).toEqual(['served × hono × plaintext', 'served × hono × plaintext again'])
  expect(() => ids(['other'])).toThrow(/expected a server: all, event-loop, .*floor, .*served, or a module; got other/)
})
