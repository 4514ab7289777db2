/** Each README, and each template. newcomer.nightly.test.ts does the same with other versions of Node and package managers. */
import { describe, expect, test } from 'vitest'
import { follow, Terminal } from '../src/newcomer.ts'
import { readmeSteps } from '../src/readme.ts'
import { TEMPLATES } from '../../../packages/create-tsgi/src/templates.ts'
import { leftOut, READMES } from './harness.ts'
import { LIMIT, newcomers } from './newcomers.ts'

const newcomer = newcomers()

describe('a newcomer', () => {
  // What pnpm installs has no more than it asks for, and the oldest Node no more than it must.
  test.each(READMES)('on the oldest Node with pnpm follows $name', { timeout: LIMIT }, async ({ markdown }) => {
    await follow(newcomer('oldest', 'pnpm'), readmeSteps(markdown), leftOut)
  })

  // As written.
  test.each(READMES.filter(({ name }) => /^README|cli|create-tsgi/.test(name)))(
    'on the current Node with npm follows $name',
    { timeout: LIMIT },
    async ({ markdown }) => {
      await follow(newcomer('current', 'npm'), readmeSteps(markdown), leftOut)
    },
  )

  test.each(Object.keys(TEMPLATES))('starts from the template %s', { timeout: LIMIT }, async (template) => {
    await using terminal = new Terminal(newcomer('oldest', 'npm'))
    await terminal.run(`npm create tsgi@latest my-app -- --template ${template} --install`)
    await terminal.run('cd my-app')
    await terminal.run('npm test')
    await terminal.run('npm run check')
    await terminal.run('npm run dev')
    expect(await terminal.page()).toMatch(/Hello from .*TSGI!/)
    await terminal.change('src/app.ts', terminal.read('src/app.ts').replace(/Hello from [^!]*!/, 'Changed.'))
    expect(await terminal.page()).toContain('Changed.')
    await terminal.run('npm start')
    expect(await terminal.page()).toContain('Changed.')
    expect(await terminal.page('style.css')).toContain('{')
  })
})
