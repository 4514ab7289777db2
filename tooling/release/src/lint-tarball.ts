import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import type { Tarball } from './tarballs.ts'

/** The packages are ES modules for Node 22 and newer: how older resolutions see them is no fault. */
const ONLY_OLDER = new Set(['CJSResolvesToESM', 'NoResolution'])

/** What publint and arethetypeswrong find in a tarball. */
export async function lintTarball({ file, manifest }: Tarball): Promise<readonly string[]> {
  const data = readFileSync(file)
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer
  const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true })
  // The command's bin is a program for sh that starts Node (packages/cli/bin); publint knows the shebang of Node alone.
  const known = messages.filter(({ code }) => !(code === 'BIN_FILE_NOT_EXECUTABLE' && manifest.name === 'tsgi'))
  const found = known.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
  const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(data)))
  if (checked.types === false) found.push('arethetypeswrong finds no types')
  else {
    for (const problem of checked.problems) {
      const older = 'resolutionKind' in problem && problem.resolutionKind === 'node10'
      if (!older && !ONLY_OLDER.has(problem.kind)) found.push(`arethetypeswrong: ${JSON.stringify(problem)}`)
    }
  }
  return found.map((what) => `${manifest.name}: ${what}`)
}
