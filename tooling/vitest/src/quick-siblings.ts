import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { filesOf } from './left-out.ts'
import type { TestedPackage } from './projects.ts'

const TITLE =
  /^ *describe(?:\.\w+(?:\([^\n]*?\))?)*(?:\(|\[[^]*?\](?: as const)?\)\(|\(\[[^]*?\](?: as const)?\)\()\s*(['"`])(.*?)\1/gm

/**
 * Slow and nightly files whose behaviour the quick tier does not name: their first `describe` has to have the title of one in
 * a quick file, in the same package where that is possible.
 */
export function withoutQuickSibling(packages: readonly TestedPackage[], root: string): string[] {
  const quick = new Set(filesOf(packages, 'quick').flatMap(titlesIn))
  return (['slow', 'nightly'] as const)
    .flatMap((tier) => filesOf(packages, tier))
    .flatMap((file) => {
      const [first] = titlesIn(file)
      if (first !== undefined && quick.has(first)) return []
      const got = first === undefined ? 'no describe with a title' : `describe('${first}')`
      return [
        `${relative(root, file)}: expected its first describe to have the title of one in a quick file, got ${got}`,
      ]
    })
}

const titlesIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(TITLE)].map(([, , title]) => title!)
