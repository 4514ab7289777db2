import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const bootstrap = fileURLToPath(new URL('../bootstrap.mjs', import.meta.url))

it('tells an old Node what to do', () => {
  const pretend = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "16.20.2" })'
  const { status, stderr } = spawnSync(process.execPath, ['--import', pretend, bootstrap, 'start'], {
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toContain('This is Node 16.20.2; starting takes Node 18 or newer.')
})

it('names the commands when asked for another', () => {
  const { status, stderr } = spawnSync(process.execPath, [bootstrap, 'sing'], { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr.trim()).toBe('Use: npm start, npm test, npm run test:all, or npm run test:nightly')
})
