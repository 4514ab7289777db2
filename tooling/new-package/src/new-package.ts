/** A package below `packages/`, with everything that this repository keeps about its packages. */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyRoom, ROOMS, type RoomName } from '../../../packages/create-tsgi/src/rooms.ts'

/** The packages of a floor that a new one of this kind stands beside, and what it may import. */
const BESIDE: Readonly<Record<RoomName, string>> = {
  server: 'server-event-loop',
  framework: 'framework-mini',
  adapter: 'adapter-fetch',
  middleware: 'framework-mini',
}

/** A name, of a package or a folder. */
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/** What was asked cannot be done. The message can be shown as it is. */
export class NewPackageError extends Error {}

/**
 * Writes `packages/NAME`, its row in the table of layers, its changeset and its line in the matrix.
 *
 * @param root of the repository
 * @throws NewPackageError where the name cannot be that of a package, or is one already
 */
export function newPackage(root: string, room: RoomName, name: string): void {
  if (!NAME.test(name)) {
    throw new NewPackageError(`expected a name of lower-case words with hyphens, got "${name}"`)
  }
  const folder = join(root, 'packages', name)
  if (existsSync(folder)) throw new NewPackageError(`expected a new name, got one that exists: packages/${name}`)
  copyRoom(room, `@tsgi/${name}`, folder)
  inThisRepository(folder, name)
  write(join(folder, 'package.json'), manifest(root, room, name))
  write(join(folder, 'tsconfig.json'), config('library', ['src'], ['../spec']))
  write(
    join(folder, 'tsconfig.test.json'),
    config('tests', ['src/**/*.test.ts', 'test'], ['./tsconfig.json', '../spec']),
  )
  writeFileSync(
    join(root, '.changeset', `${name}.md`),
    `---\n"@tsgi/${name}": minor\n---\n\n${ROOMS[room].title.replace(/^An? /, 'A new ')}. Say here what its users can do with it.\n`,
  )
  addToLayers(root, room, name)
  addToMatrix(root, room, name)
}

/** Tests here run under vitest; reports call a server by its folder; a field is a token, which `@tsgi/name` is not. */
function inThisRepository(folder: string, name: string): void {
  for (const file of globSync('{src,test}/*.ts', { cwd: folder })) {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
      .replace('@tsgi/conformance/node-test', '@tsgi/conformance/vitest')
      .replace("from 'node:test'", "from 'vitest'")
      .replaceAll(`x-@tsgi/${name}`, `x-${name}`)
      .replaceAll(`name: '@tsgi/${name}'`, `name: '${name}'`)
    writeFileSync(path, text)
  }
}

function manifest(root: string, room: RoomName, name: string): object {
  const { homepage, bugs, repository, tsgi } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { title, keywords, devDependencies, exercises } = ROOMS[room]
  const entry = (file: string) => ({
    source: `./src/${file}.ts`,
    types: `./dist/${file}.d.ts`,
    default: `./dist/${file}.js`,
  })
  // The command and the matrix of a package outside are those of this repository.
  const needed = devDependencies.filter((dependency) => dependency !== 'tsgi' && dependency !== '@tsgi/matrix')
  return {
    name: `@tsgi/${name}`,
    version: '0.0.0',
    description: `${title} for TSGI`,
    keywords,
    homepage: `${homepage}/tree/main/packages/${name}#readme`,
    bugs,
    license: 'MIT',
    repository: { ...repository, directory: `packages/${name}` },
    files: ['dist', 'src', '!src/**/*.test.ts'],
    type: 'module',
    exports: { '.': entry('index'), ...(exercises && { './exercises': entry('exercises') }) },
    scripts: {
      build: 'tsc -b',
      typecheck: 'tsc -b tsconfig.test.json',
      test: 'vitest run --root . --config ../../tooling/vitest/vitest.config.ts',
    },
    dependencies: { '@tsgi/spec': 'workspace:*' },
    devDependencies: {
      ...Object.fromEntries([...needed].sort().map((dependency) => [dependency, 'workspace:*'])),
      vitest: 'catalog:',
    },
    engines: { node: tsgi.node },
  }
}

const config = (kind: 'library' | 'tests', include: readonly string[], references: readonly string[]): object => ({
  extends: `../../tooling/tsconfig/${kind}.json`,
  compilerOptions: {
    ...(kind === 'library' && { rootDir: 'src', outDir: 'dist' }),
    tsBuildInfoFile: kind === 'library' ? 'dist/.tsbuildinfo' : 'dist/.test.tsbuildinfo',
  },
  include,
  ...(kind === 'library' && { exclude: ['src/**/*.test.ts'] }),
  references: references.map((path) => ({ path })),
})

function addToLayers(root: string, room: RoomName, name: string): void {
  const file = join(root, 'tooling/layers/layers.json')
  const beside = new RegExp(`^( *)"${BESIDE[room]}": \\[[^\\]]*\\](,?)$`, 'm')
  const text = readFileSync(file, 'utf8')
  const changed = text.replace(beside, (row, indent: string, comma: string) => {
    const own = `${indent}"${name}": ["spec"]${comma}`
    return `${comma === '' ? `${row},` : row}\n${own}`
  })
  if (changed === text)
    throw new NewPackageError(`expected a row "${BESIDE[room]}" in tooling/layers/layers.json, got none`)
  writeFileSync(file, changed)
}

/** The last entry of a list in test-matrix/matrix.config.ts; and the package as its dependency, so that it is found. */
function addToMatrix(root: string, room: RoomName, name: string): void {
  if (room === 'middleware') return
  const file = join(root, 'test-matrix/matrix.config.ts')
  const text = readFileSync(file, 'utf8')
  const [before, entry] =
    room === 'server'
      ? ['    ...HOSTS,\n', `    '@tsgi/${name}',\n`]
      : ['    ...pythonFrameworks(),\n', `    { name: '${name}', application: '@tsgi/${name}/exercises' },\n`]
  if (!text.includes(before)) throw new NewPackageError(`expected "${before.trim()}" in test-matrix/matrix.config.ts`)
  writeFileSync(file, text.replace(before, entry + before))
  const manifest = join(root, 'test-matrix/package.json')
  const { dependencies, ...rest } = JSON.parse(readFileSync(manifest, 'utf8'))
  const own = Object.entries({ ...dependencies, [`@tsgi/${name}`]: 'workspace:*' }).sort(([a], [b]) => (a < b ? -1 : 1))
  write(
    manifest,
    Object.fromEntries(
      Object.entries({ ...rest, dependencies }).map(([key, value]) =>
        key === 'dependencies' ? [key, Object.fromEntries(own)] : [key, value],
      ),
    ),
  )
}

const write = (file: string, value: object): void => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
