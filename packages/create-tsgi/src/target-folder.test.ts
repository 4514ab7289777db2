import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { makeFolder, packageName, targetFolder } from './target-folder.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'create-tsgi-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

it('takes a folder that does not exist, or is empty but for .git', () => {
  const folder = temporaryFolder()
  expect(targetFolder(join(folder, 'new'))).toBe(join(folder, 'new'))
  mkdirSync(join(folder, '.git'))
  expect(targetFolder(folder)).toBe(folder)
})

it('refuses a folder with files, and says which', () => {
  const folder = temporaryFolder()
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(folder, name), '')
  expect(() => targetFolder(folder)).toThrow(
    `${folder} is not empty: it has a, b, c and 1 more. Name a folder that is empty or does not exist.`,
  )
})

it('refuses a file', () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  expect(() => targetFolder(file)).toThrow(`${file} is a file`)
})

it('refuses a name that no folder can have', () => {
  expect(() => targetFolder('')).toThrow('expected the name of a folder, got an empty one.')
  expect(() => targetFolder('a\0b')).toThrow('cannot be used (ERR_INVALID_ARG_VALUE). Name another folder.')
  expect(() => targetFolder('x'.repeat(300))).toThrow('cannot be used (ENAMETOOLONG). Name another folder.')
})

it('makes the folder and those above it, and says where that is not possible', () => {
  const folder = temporaryFolder()
  makeFolder(join(folder, 'a/b'))
  expect(targetFolder(join(folder, 'a/b'))).toBe(join(folder, 'a/b'))
  writeFileSync(join(folder, 'file'), '')
  const inFile = join(folder, 'file/b')
  expect(() => makeFolder(inFile)).toThrow(`${inFile} cannot be used (ENOTDIR). Name another folder.`)
})

it.skipIf(process.platform !== 'linux')('does not wait for a file system that has no room for folders', () => {
  expect(() => makeFolder('/proc/tsgi/app')).toThrow('/proc/tsgi/app cannot be used (ENOENT). Name another folder.')
})

it.each([
  ['/home/My App', 'my-app'],
  ['/home/_private', 'private'],
  ['/home/ö', 'tsgi-app'],
  ['/', 'tsgi-app'],
])('makes a package name of %s', (folder, name) => expect(packageName(folder)).toBe(name))
