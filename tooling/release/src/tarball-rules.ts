import type { Tarball } from './tarballs.ts'

/** What is wrong with the content of a tarball; `[]` where all is well. */
export function tarballFaults({ manifest, paths }: Tarball): readonly string[] {
  const has = (path: string): boolean => paths.includes(path)
  const faults = ['README.md', 'LICENSE', 'package.json']
    .filter((path) => !has(path))
    .map((path) => `${path} is missing`)
  const tests = paths.filter((path) => /(?:^|\/)(?:test|bench|fuzz)\/|\.test\.|tsbuildinfo/.test(path))
  // A template's test is part of what it writes.
  const extra = tests.filter((path) => !path.startsWith('templates/') && !/^(?:src|dist)\//.test(path))
  const compiled = tests.filter((path) => /\.test\.[cm]?[jt]s$/.test(path) && !path.startsWith('templates/'))
  faults.push(...[...new Set([...extra, ...compiled])].map((path) => `${path} is no part of a package`))
  if (!paths.some((path) => path.endsWith('.d.ts'))) faults.push('there are no types')
  for (const path of Object.values(manifest.bin ?? {})) {
    if (!has(path.replace(/^\.\//, ''))) faults.push(`bin ${path} is missing`)
  }
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
  for (const [name, range] of ranges) {
    if (/^(?:workspace|catalog|file|link):/.test(range)) faults.push(`${name}: expected a version, got ${range}`)
  }
  return faults.map((fault) => `${manifest.name}: ${fault}`)
}
