/** Templates for those who extend TSGI: a package whose tests say what is still to be written, in the order to write it. */
import { cpSync, globSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeFolder, packageName } from './target-folder.ts'
import { versionRange } from './versions.ts'

export type RoomName = 'server' | 'framework' | 'adapter' | 'middleware'

export interface Room {
  readonly title: string
  readonly hint: string
  /** Of the package: by it, `tsgi matrix` and `tsgi bench` find what is installed. */
  readonly keywords: readonly string[]
  /** Besides `@tsgi/spec`, which each imports: packages that its tests import. */
  readonly devDependencies: readonly string[]
  /** Whether the exercise application is exported, for the matrix. */
  readonly exercises: boolean
}

const KIT = ['@tsgi/conformance', 'tsgi']

export const ROOMS: Readonly<Record<RoomName, Room>> = {
  server: {
    title: 'A server',
    hint: 'its tests are the kit of servers',
    keywords: ['http', 'server', 'tsgi', 'tsgi-server'],
    devDependencies: KIT,
    exercises: false,
  },
  framework: {
    title: 'A framework',
    hint: 'its tests are the exercises of frameworks',
    keywords: ['framework', 'http', 'tsgi', 'tsgi-framework'],
    devDependencies: [...KIT, '@tsgi/matrix', '@tsgi/server-event-loop'],
    exercises: true,
  },
  adapter: {
    title: 'An adapter',
    hint: 'runs applications of another interface',
    keywords: ['adapter', 'http', 'tsgi', 'tsgi-framework'],
    devDependencies: [...KIT, '@tsgi/matrix', '@tsgi/server-event-loop'],
    exercises: true,
  },
  middleware: {
    title: 'A middleware',
    hint: 'its tests are what it owes both sides',
    keywords: ['http', 'middleware', 'tsgi'],
    devDependencies: ['@tsgi/adapter-fetch', '@tsgi/validator'],
    exercises: false,
  },
}

export const isRoom = (name: string): name is RoomName => Object.hasOwn(ROOMS, name)

const TEMPLATES = fileURLToPath(new URL('../templates/rooms/', import.meta.url))

/** Copies sources and tests, with the name of the package in the place of `NAME`. */
export function copyRoom(room: RoomName, name: string, folder: string): void {
  cpSync(join(TEMPLATES, room), folder, { recursive: true })
  for (const file of globSync('**/*.{ts,md}', { cwd: folder, exclude: ['node_modules/**'] })) {
    const path = join(folder, file)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/\bNAME\b/g, name))
  }
}

/**
 * Writes a package of its own that builds once its dependencies are installed, and whose tests fail with what is to be written.
 *
 * @throws CreateError where the folder cannot be made
 */
export function writeRoom(folder: string, room: RoomName): void {
  makeFolder(folder)
  cpSync(join(TEMPLATES, 'shared'), folder, { recursive: true })
  // npm leaves a file of that name out of packages.
  renameSync(join(folder, '_gitignore'), join(folder, '.gitignore'))
  copyRoom(room, packageName(folder), folder)
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(packageName(folder), room), null, 2)}\n`)
}

function manifest(name: string, room: RoomName): object {
  const { title, keywords, devDependencies, exercises } = ROOMS[room]
  const entry = (file: string) => ({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` })
  return {
    name,
    version: '0.0.0',
    description: `${title} for TSGI`,
    keywords,
    license: 'MIT',
    type: 'module',
    files: ['dist', 'src'],
    exports: { '.': entry('index'), ...(exercises && { './exercises': entry('exercises') }) },
    scripts: {
      build: 'tsc',
      check: 'tsc -p tsconfig.test.json',
      test: 'node --test "test/*.test.ts"',
      prepack: 'tsc',
    },
    dependencies: ranges(['@tsgi/spec']),
    devDependencies: ranges(['@types/node', 'typescript', ...devDependencies]),
    engines: { node: '>=22.18' },
  }
}

const ranges = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries([...names].sort().map((name) => [name, versionRange(name)]))
