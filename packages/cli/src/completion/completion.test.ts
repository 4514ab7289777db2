import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildProgram } from '../program.ts'
import { completionScript } from './completion.ts'

const program = buildProgram({ out() {}, error() {} }, () => {})
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).error === undefined

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `${completionScript(program, 'bash')}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _tsgi; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
  if (stderr !== '') throw new Error(stderr)
  return stdout.trim().split('\n').filter(Boolean)
}

describe('completion', () => {
  it.skipIf(!has('bash'))('of bash offers commands, options and values (skipped: no bash)', () => {
    expect(offered('tsgi', 'se')).toEqual(['serve'])
    expect(offered('tsgi', 'serve', '--keep')).toEqual(['--keep-alive-timeout'])
    expect(offered('tsgi', 'serve', '--server', 'c')).toEqual(['cluster'])
    expect(offered('tsgi', 'serve', '--log-level', '')).toEqual(['debug', 'info', 'warn', 'error'])
    expect(offered('tsgi', 'status', '--')).toContain('--json')
    expect(offered('tsgi', 'serve', '--')).not.toContain('--json')
    // The shell offers files then.
    expect(offered('tsgi', 'serve', 'app')).toEqual([])
  })

  it.each(['zsh', 'fish'] as const)('of %s is a script that it reads (skipped where it is missing)', (shell) => {
    const script = completionScript(program, shell)
    expect(script).toContain('keep-alive-timeout')
    if (!has(shell)) return console.error(`skipped: no ${shell}`)
    const file = join(mkdtempSync(join(tmpdir(), 'tsgi-')), 'script')
    writeFileSync(file, script)
    expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' }).stderr).toBe('')
    rmSync(dirname(file), { recursive: true })
  })
})
