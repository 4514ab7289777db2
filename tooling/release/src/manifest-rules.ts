import type { Manifest, Package } from './packages.ts'

/** What package.json of the root says once, for all packages. */
export interface Home {
  /** Such as `https://github.com/owner/name`. */
  readonly url: string
  /** The range of Node versions on which the packages are tested. */
  readonly node: string
}

const BRANCH = 'main'

/** Where a folder or file of the repository can be read. */
export const sourceUrl = (home: Home, path: string, kind: 'tree' | 'blob' | 'raw' = 'tree'): string =>
  `${home.url}/${kind}/${BRANCH}/${path}`

/** The fields of a package.json that follow from where the package is. */
export const derivedFields = (home: Home, directory: string) => ({
  homepage: `${sourceUrl(home, directory)}#readme`,
  bugs: { url: `${home.url}/issues` },
  repository: { type: 'git', url: `git+${home.url}.git`, directory },
  engines: { node: home.node },
})

/** What is wrong with a manifest, each with what to do; `[]` where all is well. */
export function manifestFaults(home: Home, { directory, manifest }: Package): readonly string[] {
  const expected = derivedFields(home, directory)
  const wrong = (Object.keys(expected) as (keyof typeof expected)[])
    .filter((key) => JSON.stringify(manifest[key]) !== JSON.stringify(expected[key]))
    .map((key) => `${key}: expected ${JSON.stringify(expected[key])}, got ${JSON.stringify(manifest[key])}`)
  const { keywords = [], description = '', files = [] } = manifest
  if (!keywords.includes('tsgi') || keywords.length < 3) wrong.push('keywords: expected tsgi and at least two others')
  if (description === '') wrong.push('description: expected one sentence that says what the package is')
  if (files.length === 0) wrong.push('files: expected a list of what is published')
  return wrong.map((fault) => `${directory}/package.json: ${fault}`)
}

/** The manifest with the derived fields, in the order that the others have. */
export function withDerivedFields(home: Home, { directory, manifest }: Package): Manifest {
  const { name, version, description, keywords, homepage, bugs, license, repository, ...rest } = manifest
  void homepage
  void bugs
  void repository
  const derived = derivedFields(home, directory)
  return {
    name,
    version,
    ...(description !== undefined && { description }),
    ...(keywords !== undefined && { keywords }),
    homepage: derived.homepage,
    bugs: derived.bugs,
    ...(license !== undefined && { license }),
    repository: derived.repository,
    ...rest,
    engines: derived.engines,
  }
}
