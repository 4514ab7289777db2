import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { create, extract } from 'tar'
import { readHome } from './home.ts'
import { absoluteLinks } from './markdown-links.ts'
import { type Manifest, type Package, publishedPackages, readManifest } from './packages.ts'

const run = promisify(execFile)

/** A package as it is published. */
export interface Tarball {
  readonly package: Package
  readonly file: string
  /** The package.json inside, in which versions have taken the place of `workspace:` and `catalog:`. */
  readonly manifest: Manifest
  readonly integrity: string
  /** Paths inside, such as `dist/index.js`. */
  readonly paths: readonly string[]
}

/**
 * Packs packages that are built. Links of their Markdown files are made absolute on the way, so what is published is what
 * this returns, and what is tested.
 */
export async function packAll(
  destination: string,
  packages: readonly Package[] = publishedPackages(),
): Promise<Tarball[]> {
  mkdirSync(destination, { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'tsgi-pack-'))
  try {
    await pnpmPack(work, packages)
    const tarballs: Tarball[] = []
    for (const one of packages) tarballs.push(await finish(one, work, destination))
    return tarballs
  } finally {
    rmSync(work, { recursive: true })
  }
}

/** One run for all: to start pnpm takes longer than to pack. */
async function pnpmPack(work: string, packages: readonly Package[]): Promise<void> {
  const [first] = packages
  if (first === undefined) return
  const root = first.folder.slice(0, -first.directory.length)
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`)
  const options = ['--pack-destination', work, '--config.ignore-scripts=true']
  await run('pnpm', ['--recursive', ...filters, 'pack', ...options], { cwd: root, maxBuffer: 1 << 26 })
}

async function finish(one: Package, work: string, destination: string): Promise<Tarball> {
  const { name, version } = one.manifest
  const packed = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
  const unpacked = join(work, packed.replace(/\.tgz$/, ''))
  mkdirSync(unpacked)
  await extract({ file: join(work, packed), cwd: unpacked })
  const inside = join(unpacked, 'package')
  const paths = (readdirSync(inside, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(inside.length + 1))
    .sort()
  for (const path of paths.filter((file) => file.endsWith('.md'))) {
    const file = join(inside, path)
    writeFileSync(file, absoluteLinks(readFileSync(file, 'utf8'), `${one.directory}/${path}`, readHome()))
  }
  const file = join(destination, packed)
  // The time of a file is no part of what is published: the same content gives the same bytes.
  await create({ file, cwd: unpacked, gzip: true, portable: true, mtime: new Date(0) }, ['package'])
  const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  return { package: one, file, manifest: readManifest(inside), integrity, paths }
}
