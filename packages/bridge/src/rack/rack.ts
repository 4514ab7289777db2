import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Application } from '@tsgi/spec'
import { bridge } from '../bridge.ts'
import type { Language } from '../language.ts'
import type { BridgeOptions } from '../options.ts'
import { findInterpreter } from './interpreter.ts'
import { missingGemAdvice } from './missing-gem.ts'

export interface RackOptions extends BridgeOptions {
  /** The interpreter. Default: `TSGI_RUBY`, `ruby` on the path. */
  readonly ruby?: string | undefined
}

/**
 * A Rack application as a TSGI application.
 *
 * @param app a file that `Rack::Builder` reads, relative to `cwd`
 * @throws BridgeError where an option makes no sense
 * @example export default rack('config.ru', { threads: 4 })
 */
export function rack(app: string, options: RackOptions = {}): Application {
  const cwd = options.cwd ?? process.cwd()
  const env = { ...process.env, ...options.env }
  const { program } = findInterpreter(options.ruby, cwd, env)
  return bridge(rackLanguage(program, rackVariables(resolve(cwd, app), env)), app, options)
}

const WORKER = fileURLToPath(new URL('../../workers/ruby/main.rb', import.meta.url))

/** @param variables of the environment, added to those of this process */
export const rackLanguage = (program: string, variables: { readonly [name: string]: string } = {}): Language => ({
  name: 'Ruby',
  command: { file: program, args: [WORKER], env: variables },
  stackSignal: 'SIGUSR1',
  errorLine: 'first',
  advice: (failed) => missingGemAdvice(program, variables['BUNDLE_GEMFILE'], failed),
})

/** What the application finds in its environment, as `bundle exec` and a server of Ruby's would have it. */
export function rackVariables(
  path: string,
  env: { readonly [name: string]: string | undefined },
): { readonly [name: string]: string } {
  const variables: { [name: string]: string } = {}
  const folder = dirname(path)
  const gemfile = ['Gemfile', 'gems.rb'].map((name) => join(folder, name)).find((file) => existsSync(file))
  if (env['BUNDLE_GEMFILE'] === undefined && gemfile !== undefined) variables['BUNDLE_GEMFILE'] = gemfile
  // Without it, Sinatra and Rails take themselves to be in development and show their errors to everybody.
  const mode = env['NODE_ENV']
  if (env['RACK_ENV'] === undefined && mode !== undefined && mode !== '') variables['RACK_ENV'] = mode
  return variables
}
