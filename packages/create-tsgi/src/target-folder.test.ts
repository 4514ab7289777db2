import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { packageName, targetFolder } from './target-folder.ts'

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

it.each([
  ['/home/My App', 'my-app'],
  ['/home/_private', 'private'],
  ['/home/ö', 'tsgi-app'],
  ['/', 'tsgi-app'],
])('makes a package name of %s', (folder, name) => expect(packageName(folder)).toBe(name))
