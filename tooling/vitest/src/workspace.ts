import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestedPackage } from './projects.ts'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The packages that pnpm-workspace.yaml lists and that have tests to run, in the order of their folders. */
export function testedPackages(root = ROOT): TestedPackage[] {
  return workspaceFolders(root).flatMap((folder) => {
    const manifest: { name?: string; scripts?: { test?: string } } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    )
    return manifest.scripts?.test === undefined ? [] : [{ name: manifest.name ?? folder, folder }]
  })
}

function workspaceFolders(root: string): string[] {
  const yaml = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const listed = /^packages:\n((?: +- .*\n)+)/m.exec(yaml)?.[1]
  if (listed === undefined) throw new Error('expected pnpm-workspace.yaml to list packages, got none')
  const patterns = [...listed.matchAll(/- +'?([^'\n]+)/g)].map(([, pattern]) => pattern!)
  return patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root }).sort())
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(join(folder, 'package.json')))
}
