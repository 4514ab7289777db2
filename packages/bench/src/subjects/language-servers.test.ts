import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { workloadOf } from '../workloads/workloads.ts'
import { LANGUAGE_SERVERS, languagePeer, usualServerOf } from './language-servers.ts'
import { subjectsOf } from './subjects.ts'

const app = { module: '@tsgi/bridge/python', app: '/srv/site/app.py:site', cwd: '/srv' }
const hasGunicorn = spawnSync('gunicorn', ['--version']).status === 0
const hasPuma = spawnSync('puma', ['--version']).status === 0

test('a server of another language has applications of that language alone', () => {
  expect(languagePeer('puma', app)).toBeNull()
  expect(languagePeer('event-loop', app)).toBeNull()
  expect(LANGUAGE_SERVERS).toContain(usualServerOf('@tsgi/bridge/servlet'))
})

test.skipIf(!hasGunicorn)('gunicorn runs the same file, and its version is in its name', () => {
  const peer = languagePeer('gunicorn-gthread', app)
  expect(peer?.label).toMatch(/^gunicorn \d+\.\d+\.\d+ \(gthread\)$/)
  expect(peer?.start.command.slice(-3)).toEqual(['--pythonpath', '/srv/site', 'app:site'])
  const module = languagePeer('gunicorn-gthread', { ...app, app: 'project.wsgi' })
  expect(module?.start.command.slice(-3)).toEqual(['--pythonpath', '/srv', 'project.wsgi:application'])
})

test.skipIf(!hasGunicorn)('a server that closes each connection is measured where each request has one', () => {
  const [first, ...others] = subjectsOf({
    servers: ['gunicorn-sync'],
    apps: ['app.py'],
    fastGlobals: false,
    cwd: '/srv',
  })
  expect(others).toEqual([])
  expect(['/', 'close:/', 'json'].map((name) => first?.can(workloadOf(name)!))).toEqual([false, true, false])
})

test.skipIf(!hasPuma)('the own server of an application in Ruby is Puma', () => {
  const [own] = subjectsOf({ servers: ['own'], apps: ['config.ru'], fastGlobals: false, cwd: '/srv' })
  expect(own).toMatchObject({ baseline: true, label: expect.stringMatching(/^puma \d/) })
})
