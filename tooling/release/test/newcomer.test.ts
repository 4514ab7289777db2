/** The quick part of what newcomer.slow.test.ts does with all packages. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { localRegistry } from '../src/local-registry.ts'
import { relativeLinks } from '../src/markdown-links.ts'
import { follow } from '../src/newcomer.ts'
import { publishedPackages, ROOT } from '../src/packages.ts'
import { readmeSteps } from '../src/readme.ts'
import { tarballFaults } from '../src/tarball-rules.ts'
import { packAll } from '../src/tarballs.ts'
import { READMES, upstream } from './harness.ts'

describe('a newcomer', () => {
  test('installs a packed package in an empty folder and runs its example', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsgi-newcomer-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const [http1] = publishedPackages().filter(({ directory }) => directory === 'packages/http1')
    if (http1 === undefined) throw new Error('expected packages/http1')
    const tarballs = await packAll(folder, [http1])
    expect(tarballs.flatMap(tarballFaults)).toEqual([])
    await using registry = await localRegistry(tarballs, upstream())
    const { markdown } = READMES.find(({ name }) => name === 'packages/http1/README.md') ?? { markdown: '' }
    const newcomer = {
      manager: 'npm',
      path: process.env['PATH'] ?? '',
      registry: registry.url,
      cache: join(folder, 'npm'),
    } as const
    const done = await follow(newcomer, readmeSteps(markdown), () => false)
    expect(done.map(({ command }) => command)).toEqual([
      'npm init -y',
      'npm install @tsgi/http1',
      'npm pkg set type=module',
      'node app.ts',
    ])
    expect(done.at(-1)?.output).toContain('HTTP/1.1 200 OK\r\n')
  })

  test.each(READMES)('finds in $name what to install first', ({ markdown }) => {
    const [first] = readmeSteps(markdown).filter((step) => step.kind === 'commands')
    expect(first?.lines[0]).toMatch(/^npm (?:install|create) /)
  })

  test.each(READMES)('finds no command in $name that is only in a checkout', ({ markdown }) => {
    for (const step of readmeSteps(markdown)) {
      if (step.kind === 'commands') for (const line of step.lines) expect(line).not.toMatch(/^(?:tsgi|pnpm) /)
    }
  })

  test.each(READMES)('finds the target of each link in $name', ({ name, markdown }) => {
    const missing = relativeLinks(markdown, name).filter((path) => !existsSync(join(ROOT, path.split('#')[0] ?? '')))
    expect(missing).toEqual([])
  })
})
