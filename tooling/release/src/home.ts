import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Home } from './manifest-rules.ts'
import { ROOT } from './packages.ts'

/** The place that says where the project lives, and on which Node its packages run: `homepage` and `tsgi.node` of the root's package.json. */
export function readHome(root: string = ROOT): Home {
  const { homepage, tsgi } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly homepage: string
    readonly tsgi: { readonly node: string }
  }
  return { url: homepage, node: tsgi.node }
}

/** The oldest version of the range, such as `22.18.0` of `>=22.18`. */
export function oldestNode({ node }: Home): string {
  const match = /^>=(\d+)\.(\d+)$/.exec(node)
  if (match === null) throw new Error(`tsgi.node of package.json: expected a range such as >=22.18, got ${node}`)
  return `${match[1]}.${match[2]}.0`
}
