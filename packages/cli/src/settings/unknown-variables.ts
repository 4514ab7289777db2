import { nearest } from './nearest.ts'
import { OPTION_ROWS, variableName } from './options.ts'

const KNOWN: ReadonlySet<string> = new Set([
  'TSGI_APP',
  ...OPTION_ROWS.filter(([, { flagOnly }]) => flagOnly !== true).map(([name]) => variableName(name)),
])

/** A warning for each `TSGI_…` variable that sets nothing: it is most likely misspelt. */
export function unknownVariables(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('TSGI_') && !KNOWN.has(name))
    .map((name) => {
      const meant = nearest(name, [...KNOWN])
      return `${name} is set, and is no setting.${meant === undefined ? ' See tsgi serve --help' : ` Did you mean ${meant}?`}`
    })
}
