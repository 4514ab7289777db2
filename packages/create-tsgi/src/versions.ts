import { readFileSync } from 'node:fs'

/** Versions of other projects' packages in new projects. They are the ones that this repository is tested with. */
export const VERSIONS: Readonly<Record<string, string>> = {
  '@types/express': '5.0.6',
  '@types/node': '26.6.6',
  express: '5.3.0',
  hono: '4.13.19',
  typescript: '7.0.2',
}

/** All packages of TSGI are published with one version. */
const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}

export function versionRange(name: string): string {
  if (name === 'tsgi' || name.startsWith('@tsgi/')) return `^${own.version}`
  const version = VERSIONS[name]
  if (version === undefined) throw new Error(`versions.ts has no version of ${name}`)
  return `^${version}`
}
