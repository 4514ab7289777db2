import { describe, expect, it } from 'vitest'
import { HELP, readArguments } from './arguments.ts'
import { CreateError } from './create-error.ts'

describe('the command line', () => {
  it('names the folder, the template and whether to install', () => {
    expect(readArguments(['my-app', '-t', 'hono', '--no-install'])).toEqual({
      help: false,
      folder: 'my-app',
      template: 'hono',
      install: false,
    })
  })

  it('leaves open what it does not say', () => {
    expect(readArguments([])).toEqual({ help: false, folder: undefined, template: undefined, install: undefined })
  })

  it.each([
    [
      ['--template', 'koa'],
      'expected a template: raw, mini, views, hono, express, server, framework, adapter, middleware; got koa',
    ],
    [['a', 'b'], 'expected one folder, got a b'],
    [['--templat', 'raw'], "Unknown option '--templat'"],
    [['--template'], "Option '-t, --template <value>' argument missing"],
  ])('refuses %j', (args, message) => {
    expect(() => readArguments(args)).toThrow(CreateError)
    expect(() => readArguments(args)).toThrow(message)
  })

  it('has help that names all templates', () => {
    expect(HELP).toContain('--template <name>   raw, mini, views, hono, express\n')
    expect(HELP).toContain('to extend TSGI: server, framework, adapter, middleware\n')
  })
})
