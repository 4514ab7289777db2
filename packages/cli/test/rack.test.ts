import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'

const RUBY = ['/usr/bin/ruby', 'ruby'].find(
  (program) => spawnSync(program, ['-e', 'require "rack"; exit RUBY_VERSION >= "3.1"']).status === 0,
)

const APP = `run ->(env) { [200, { 'content-type' => 'text/plain' }, ['Hello from Ruby']] }\n`

describe.skipIf(RUBY === undefined)('applications in Ruby', () => {
  const env = { TSGI_RUBY: RUBY }

  it('are served by the name of their file, and the interpreter is named', async () => {
    using folder = new Folder({ 'config.ru': APP })
    await using server = folder.tsgi(['serve', 'config.ru', '--port', '0', '--app-workers', '1'], env)
    const url = await server.url()
    expect(await (await fetch(url)).text()).toBe('Hello from Ruby')
    expect(server.stderr).toMatch(/Ruby 3\.\d+\.\d+ \(\//)
  })

  it('that cannot be loaded end the command with what Ruby says', async () => {
    using folder = new Folder({ 'config.ru': "\nrequire 'nothing_of_that_name'\n" })
    const { exitCode, stderr } = await folder.run(['serve', 'config.ru', '--port', '0', '--app-workers', '1'], env)
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringMatching(
        /^tsgi: \S*config\.ru:2:in [`'].*': cannot load such file -- nothing_of_that_name \(LoadError\)[^]*gem install nothing_of/,
      ),
    ])
    expect(stderr).not.toMatch(/worker-process|tsgi_worker|builder\.rb/)
  })
})
