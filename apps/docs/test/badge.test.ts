/** The badge of the composite action, from what `tsgi conform --json` writes. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { ROOT } from '../src/repository.ts'

it('counts what was asked and binds, and names the specification and the kit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'badge-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const verdicts = ['passed', 'passed', 'failed', 'blocked', 'inapplicable', 'differs']
  const result = { conforms: false, outcomes: verdicts.map((verdict) => ({ verdict })) }
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result))
  const badge = join(folder, 'badge.json')
  const printed = execFileSync(
    process.execPath,
    [join(ROOT, '.github/actions/conform/badge.mjs'), join(folder, 'result.json'), badge],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
  )
  expect(printed).toMatch(/^badge=2\/4, SPEC 1\.0, \d+\.\d+\.\d+\n$/)
  expect(JSON.parse(readFileSync(badge, 'utf8'))).toMatchObject({ schemaVersion: 1, label: 'TSGI', color: 'red' })
})
