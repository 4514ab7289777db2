import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publishedPackages, ROOT } from '../src/packages.ts'

/** The READMEs that a user reads: the repository's own, and each package's. */
export const READMES: readonly { readonly name: string; readonly markdown: string }[] = [
  { name: 'README.md', markdown: readFileSync(join(ROOT, 'README.md'), 'utf8') },
  ...publishedPackages().map(({ directory, folder }) => ({
    name: `${directory}/README.md`,
    markdown: readFileSync(join(folder, 'README.md'), 'utf8'),
  })),
]

/** Commands that take minutes (their packages have tests of their own), open a browser, or listen beyond this machine. */
export const leftOut = (line: string): boolean => /^npx tsgi (?:bench\b|matrix$)|--open\b|--host 0\.0\.0\.0/.test(line)

/** pnpm at the version of this repository. */
export const PNPM: string = (
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly packageManager: string }
).packageManager

export const upstream = (): string =>
  execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', cwd: tmpdir() }).trim()

/**
 * A PATH with one version of Node, npm and pnpm, before the programs of the system.
 *
 * @param folder where they are put
 * @param node a version to install, or `null` for the Node that runs this
 * @param pnpm such as `pnpm@12.0.0`
 */
export function pathWith(folder: string, node: string | null, pnpm: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  install(folder, [pnpm, ...(node === null ? [] : [`node@${node}`])])
  if (node === null) symlinkSync(process.execPath, join(bin, 'node'))
  for (const program of ['npm', 'npx']) {
    const found = execFileSync('which', [program], { encoding: 'utf8' }).trim()
    symlinkSync(realpathSync(found), join(bin, program))
  }
  return [bin, join(folder, 'node_modules', '.bin'), '/usr/bin', '/bin'].join(':')
}

/** A temporary folder that other users may read, for a Node that tests start as such a user. */
export function folderForAll(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  chmodSync(folder, 0o755)
  return folder
}

/** The program of that version, installed below a folder. */
export function installNode(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true })
  install(folder, [`node@${version}`])
  return realpathSync(join(folder, 'node_modules', '.bin', 'node'))
}

function install(folder: string, packages: readonly string[]): void {
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`npm could not install ${packages.join(' ')}:\n${stderr}`)
}
