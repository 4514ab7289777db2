import type { WorkerFailed } from '../language.ts'

/** Gems whose package in Debian is worth a line. */
const DEBIAN: ReadonlyMap<string, string> = new Map([
  ['rack', 'ruby-rack'],
  ['sinatra', 'ruby-sinatra'],
  ['bundler', 'ruby-bundler'],
])

/**
 * What to do where the application requires a file that its Ruby does not have.
 *
 * @param gemfile the application's, where it has one
 */
export function missingGemAdvice(program: string, gemfile: string | undefined, { missing }: WorkerFailed): string {
  const gem = missing?.split('/')[0]
  // A path that begins with the root or with a dot leads to a file of the application's own.
  if (gem === undefined || gem === '' || gem === '.' || gem === '..') return ''
  if (gemfile !== undefined && gem !== 'bundler') {
    return `\n${gemfile} has no gem with ${missing}. Add one, often of the same name, and run:\n  bundle install`
  }
  const debian = DEBIAN.get(gem)
  return [
    '',
    `${program} has no ${missing}. Install its gem, which often has the same name:`,
    `  gem install ${gem}${debian === undefined ? '' : `   (Debian: apt-get install ${debian})`}`,
  ].join('\n')
}
