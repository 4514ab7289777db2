import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { shown } from './dev-setup.ts'

const RUBY = ['/usr/bin/ruby', 'ruby'].find(
  (program) => spawnSync(program, ['-e', 'require "rack"; exit RUBY_VERSION >= "3.1"']).status === 0,
)

const APP = `run ->(env) { [200, { 'content-type' => 'text/plain' }, ['Hello from Ruby']] }\n`

describe.skipIf(RUBY === undefined)('applications in Ruby', () => {
  const env = { TSGI_RUBY: RUBY }

  it.each([
    [
      'a syntax error',
      { 'config.ru': "require_relative 'site'\nrun Site", 'site.rb': 'class Site\n  def call(env\nend\n' },
      /^tsgi: \S*site\.rb:3: [^]*\(SyntaxError\)\n\s+from \S*config\.ru:1:/,
    ],
    ['nothing to run', { 'config.ru': 'use Object\n' }, /missing run/],
  ])('that cannot be loaded end the command with what Ruby says: %s', async (_what, files, expected) => {
    using folder = new Folder(files)
    const { exitCode, stderr } = await folder.run(['serve', 'config.ru', '--port', '0', '--app-workers', '1'], env)
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(expected)])
    expect(stderr).not.toMatch(/worker-process|tsgi_worker|builder\.rb/)
  })

  it('need an interpreter', async () => {
    using folder = new Folder({ 'config.ru': APP })
    const { exitCode, stderr } = await folder.run(['serve', 'config.ru', '--ruby', './absent'])
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/There is no .*absent[^]*--ruby names it/)])
  })

  it('that break the rules of Rack are found by check', async () => {
    using folder = new Folder({ 'config.ru': APP.replace("['Hello from Ruby']", "'Hello'") })
    const { exitCode, stdout } = await folder.run(['check', 'config.ru'], env)
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/Rack::Lint::LintError/)])
  })

  it('are restarted by dev when a file changes, and their backtrace is the page', { timeout: 90_000 }, async () => {
    const site = (text: string) =>
      `class Site\n  def self.call(env) = [200, { 'content-type' => 'text/plain' }, ['${text}']]\nend\n`
    using folder = new Folder({ 'config.ru': "require_relative 'site'\nrun Site\n", 'site.rb': site('one') })
    await using tsgi = folder.tsgi(['dev', 'config.ru', '-p', '0', '--no-live-reload'], env)
    const url = await tsgi.url()
    expect((await shown(url)).body).toBe('one')
    folder.write({ 'site.rb': 'class Site\n  def call(env\nend\n' })
    await tsgi.said(/SyntaxError/)
    await expect
      .poll(() =>
        shown(url).then(
          ({ body }) => body,
          () => '',
        ),
      )
      .toMatch(/site\.rb:3: [^]*SyntaxError/)
    folder.write({ 'site.rb': site('two') })
    await expect
      .poll(
        () =>
          shown(url).then(
            ({ body }) => body,
            () => '',
          ),
        { timeout: 30_000 },
      )
      .toBe('two')
    folder.write({ 'site.rb': "class Site\n  def self.call(env) = raise('no database')\nend\n" })
    await expect
      .poll(
        () =>
          shown(url).then(
            ({ body }) => body,
            () => '',
          ),
        { timeout: 30_000 },
      )
      .toMatch(/site\.rb:2:in [^]*no database \(RuntimeError\)/)
  })

  it('need Rack, and say what brings it', async () => {
    using folder = new Folder({ 'config.ru': APP })
    const withoutGems = { ...env, RUBYOPT: '--disable-gems' }
    const { exitCode, stderr } = await folder.run(
      ['serve', 'config.ru', '--port', '0', '--app-workers', '1'],
      withoutGems,
    )
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringMatching(/^tsgi: cannot load such file -- rack \(LoadError\)[^]*apt-get install ruby-rack/),
    ])
  })

  it('are run with the gems of the Gemfile beside them', { timeout: 60_000 }, async () => {
    using folder = new Folder({ 'config.ru': APP, Gemfile: "gem 'a_gem_that_nobody_has'\n" })
    const { exitCode, stderr } = await folder.run(['serve', 'config.ru', '--port', '0', '--app-workers', '1'], env)
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringMatching(/Gemfile: .*a_gem_that_nobody_has[^]*bundle install|bundler/),
    ])
  })
})
