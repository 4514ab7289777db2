import { filesLike, isThere, readText } from '../repository.ts'
import type { Page } from '../page.ts'

interface Manifest {
  readonly name: string
  readonly description?: string
  readonly private?: boolean
}

/** Published packages, in the order of their layers. */
function published(): readonly (Manifest & { readonly folder: string })[] {
  const order = (JSON.parse(readText('tooling/layers/layers.json')) as { packages: object }[]).flatMap((floor) =>
    Object.keys(floor.packages),
  )
  return filesLike('packages/*/package.json')
    .map((file) => ({
      ...(JSON.parse(readText(file)) as Manifest),
      folder: file.split('/')[1] ?? '',
    }))
    .filter((manifest) => manifest.private !== true)
    .sort((a, b) => order.indexOf(a.folder) - order.indexOf(b.folder))
}

/** An index, and the README of each package. */
export function packages(): readonly Page[] {
  const found = published()
  const source = 'packages/README.md'
  const index: Page = { path: 'packages', title: 'All packages', source, markdown: readText(source) }
  return [
    index,
    ...found.map(({ name, folder }) => {
      const source = `packages/${folder}/README.md`
      return { path: `packages/${folder}`, title: name, source, markdown: withApi(readText(source), folder) }
    }),
  ]
}

const apiOf = (folder: string): string => `packages/${folder}/api.md`

/** The README with a link to the page of its exports, where a command has written them. */
const withApi = (readme: string, folder: string): string =>
  isThere(apiOf(folder)) ? readme.replace(/^(# .*\n)/, '$1\nTypes of all exports: [api.md](api.md).\n') : readme

/** What each package exports, as `pnpm api` writes it. */
export const packageExports = (): readonly Page[] =>
  published()
    .filter(({ folder }) => isThere(apiOf(folder)))
    .map(({ name, folder }) => ({
      path: `packages/${folder}/api`,
      title: `${name}: exports`,
      source: apiOf(folder),
      markdown: readText(apiOf(folder)),
    }))
