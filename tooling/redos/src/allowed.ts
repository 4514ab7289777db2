/** Regular expressions that no client can make slow, although the check cannot tell. */
export interface Allowance {
  /** A glob, from the root. */
  readonly file: string
  /** Part of the expression; absent for every one in the file. */
  readonly text?: string
  readonly reason: string
}

export const ALLOWED: readonly Allowance[] = [
  {
    file: 'packages/{bench,matrix}/src/**',
    reason: 'reads the output of programs that the benchmark or the matrix itself started',
  },
  {
    file: 'packages/conformance/src/behaviours/failures.ts',
    text: 'at .+',
    reason: 'looks for a stack in a line that the tested server logged for an error of our own application',
  },
  {
    file: 'packages/loader/src/import-failure.ts',
    reason: 'reads what Node says of a module that does not load, before there is a client',
  },
  {
    file: 'packages/static-files/src/settings.ts',
    reason: 'applied to names of files that exist, once for each file, and the pattern may be the operator’s own',
  },
  {
    file: 'packages/framework-views/src/{route,urls,route-matcher}.ts',
    text: 'RegExp(',
    reason: 'made of routes of the application; route-matcher.ts takes those that would be superlinear',
  },
  {
    file: 'apps/docs/src/**',
    reason: 'reads the Markdown of this repository when the site is built; no client reaches it',
  },
]
