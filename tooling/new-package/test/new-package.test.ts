/** New packages in a copy of what the repository keeps about its packages. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { complaints, foldersOf, type Floor } from '../../layers/layers.ts'
import { readManifest } from '../../release/src/packages.ts'
import { manifestFaults } from '../../release/src/manifest-rules.ts'
import { ROOMS, type RoomName } from '../../../packages/create-tsgi/src/rooms.ts'
import { newPackage, NewPackageError } from '../src/new-package.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const KEPT = [
  'package.json',
  'tooling/layers/layers.json',
  'test-matrix/matrix.config.ts',
  'test-matrix/package.json',
  '.changeset/README.md',
]

function copyOfRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'new-package-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const file of KEPT) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    cpSync(join(ROOT, file), join(root, file))
  }
  mkdirSync(join(root, 'packages'))
  return root
}

const kinds = Object.keys(ROOMS) as RoomName[]

it.each(kinds)('%s: a package that the rules of manifests and layers accept', (room) => {
  const root = copyOfRoot()
  newPackage(root, room, 'my-own')
  const folder = join(root, 'packages/my-own')
  const home = { url: 'https://github.com/tsgi/tsgi', node: '>=22.18' }
  expect(manifestFaults(home, { directory: 'packages/my-own', folder, manifest: readManifest(folder) })).toEqual([])
  expect(foldersOf(join(root, 'packages'))).toEqual(['my-own'])
  const floors: Floor[] = JSON.parse(readFileSync(join(root, 'tooling/layers/layers.json'), 'utf8'))
  const others = floors.flatMap(({ packages }) => Object.keys(packages))
  expect(complaints(floors, others)).toEqual([])
  expect(others).toContain('my-own')
  expect(readFileSync(join(root, '.changeset/my-own.md'), 'utf8')).toMatch(/^---\n"@tsgi\/my-own": minor\n---\n\n\S/)
})

it.each(kinds)('%s: tests for the runner of this repository', (room) => {
  const root = copyOfRoot()
  newPackage(root, room, 'my-own')
  const name = room === 'middleware' ? 'middleware' : 'conformance'
  const test = readFileSync(join(root, `packages/my-own/test/${name}.test.ts`), 'utf8')
  expect(test).toMatch(/vitest'/)
  expect(test).not.toMatch(/node[:-]test'|x-@/)
})

it.each(kinds.filter((kind) => kind !== 'middleware'))('%s: its line in the matrix', (room) => {
  const root = copyOfRoot()
  newPackage(root, room, 'my-own')
  expect(readFileSync(join(root, 'test-matrix/matrix.config.ts'), 'utf8')).toContain(`'@tsgi/my-own`)
  expect(JSON.parse(readFileSync(join(root, 'test-matrix/package.json'), 'utf8')).dependencies).toMatchObject({
    '@tsgi/my-own': 'workspace:*',
  })
})

it('refuses a name that is no name, and one that is a package already', () => {
  const root = copyOfRoot()
  expect(() => newPackage(root, 'server', '../x')).toThrow(NewPackageError)
  newPackage(root, 'server', 'my-own')
  expect(() => newPackage(root, 'middleware', 'my-own')).toThrow('got one that exists: packages/my-own')
})
