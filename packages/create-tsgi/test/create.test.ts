/** The projects as they are written, with this repository's packages in the place of installed ones. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TEMPLATES, type TemplateName, writeProject } from '../src/index.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'create-tsgi-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const create = (cwd: string, ...args: string[]) =>
  spawnSync(process.execPath, [MAIN, ...args], {
    cwd,
    encoding: 'utf8',
    input: '',
    env: { ...process.env, npm_config_user_agent: 'npm/11.0.0 node/v26.10.0' },
  })

describe.each(Object.keys(TEMPLATES) as TemplateName[])('the template %s', (template) => {
  it('is a project whose test passes', () => {
    const folder = join(temporaryFolder(), 'My App')
    writeProject({ folder, template })
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('node_modules/')
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      name: 'my-app',
      type: 'module',
      scripts: { dev: 'tsgi dev', start: 'tsgi serve', test: 'node --test' },
    })
    symlinkSync(fileURLToPath(new URL('../node_modules', import.meta.url)), join(folder, 'node_modules'))
    const options = {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '--conditions=source' },
    } as const
    const tested = spawnSync(process.execPath, ['--test'], options)
    expect(tested.stdout).toMatch(/pass 2\n/)
    expect(tested.status).toBe(0)
  })
})

describe('the command', () => {
  it('writes a project and says what to run next', () => {
    const folder = temporaryFolder()
    const { status, stdout, stderr } = create(folder, 'app', '--template', 'raw')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('\nWritten: app\n\n  cd app\n  npm install\n  npm run dev')
    expect(existsSync(join(folder, 'app/src/app.ts'))).toBe(true)
  })

  it('writes nothing into a folder that is not empty', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'mine'), '')
    expect(create(folder, '.', '--template', 'raw')).toMatchObject({
      status: 1,
      stderr: 'create-tsgi: . is not empty: it has mine. Name a folder that is empty or does not exist.\n',
    })
    expect(existsSync(join(folder, 'package.json'))).toBe(false)
  })

  it('asks nothing without a terminal', () => {
    expect(create(temporaryFolder(), 'app')).toMatchObject({
      status: 2,
      stderr: 'create-tsgi: expected --template raw | mini | views | hono | express; there is no terminal to ask on\n',
    })
  })
})
