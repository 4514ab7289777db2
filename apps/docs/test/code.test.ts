/** Every TypeScript block of the written pages is a module whose types are checked. */
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { blocksOf } from '../src/blocks.ts'
import { WRITTEN } from './pages.ts'

const BLOCKS = fileURLToPath(new URL('../blocks/', import.meta.url))
const TSC = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))

const CONFIG = {
  extends: '../../../../tooling/tsconfig/tests.json',
  compilerOptions: { incremental: false, noUnusedLocals: false, noUnusedParameters: false },
  include: ['**/*.ts'],
}

/** What tsc says about files below a folder of this package, where their imports are found. */
async function typeErrors(files: ReadonlyMap<string, string>): Promise<string> {
  const folder = join(BLOCKS, crypto.randomUUID())
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of [...files, ['tsconfig.json', JSON.stringify(CONFIG)] as const]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const done = promisify(execFile)(process.execPath, [TSC, '-p', folder], { cwd: folder })
  return await done.then(
    () => '',
    (error: { readonly stdout: string }) => error.stdout,
  )
}

describe('code in the documentation', () => {
  it('has the types that it says', async () => {
    const files = WRITTEN.flatMap(({ path, markdown }) =>
      blocksOf(markdown).files.map(({ name, content }) => [`${path}/${name}`, content] as const),
    )
    expect(files.length).toBeGreaterThan(5)
    expect(await typeErrors(new Map(files))).toBe('')
  })

  it('is refused where it has a wrong type', async () => {
    const wrong = `import type { Application } from '@tsgi/spec'\nexport const application: Application = () => 5\n`
    expect(await typeErrors(new Map([['page/wrong.ts', wrong]]))).toMatch(/^page\/wrong\.ts.*error TS2322/)
  })
})
