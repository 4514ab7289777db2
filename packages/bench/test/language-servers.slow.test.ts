import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { languagePeer } from '../src/subjects/language-servers.ts'
import { subjectsOf } from '../src/subjects/subjects.ts'
import { workloadOf } from '../src/workloads/workloads.ts'

const app = { module: '@tsgi/bridge/python', app: '/srv/site/app.py:site', cwd: '/srv' }
const hasGunicorn = spawnSync('gunicorn', ['--version']).status === 0
const hasPuma = spawnSync('puma', ['--version']).status === 0

describe('a server of another language', () => {
  it.skipIf(!hasGunicorn)('runs the same file, and its version is in its name (gunicorn)', () => {
    const peer = languagePeer('gunicorn-gthread', app)
    expect(peer?.label).toMatch(/^gunicorn \d+\.\d+\.\d+ \(gthread\)$/)
    expect(peer?.start.command.slice(-3)).toEqual(['--pythonpath', '/srv/site', 'app:site'])
    const module = languagePeer('gunicorn-gthread', { ...app, app: 'project.wsgi' })
    expect(module?.start.command.slice(-3)).toEqual(['--pythonpath', '/srv', 'project.wsgi:application'])
  })

  it.skipIf(!hasGunicorn)('that closes each connection is measured where each request has one (gunicorn)', () => {
    const options = { servers: ['gunicorn-sync'], apps: ['app.py'], fastGlobals: false, cwd: '/srv' }
    const [first, ...others] = subjectsOf(options)
    expect(others).toEqual([])
    expect(['/', 'close:/', 'json'].map((name) => first?.can(workloadOf(name)!))).toEqual([false, true, false])
  })

  it.skipIf(!hasPuma)('is the own server of an application in Ruby (Puma)', () => {
    const [own] = subjectsOf({ servers: ['own'], apps: ['config.ru'], fastGlobals: false, cwd: '/srv' })
    expect(own).toMatchObject({ baseline: true, label: expect.stringMatching(/^puma \d/) })
  })
})
