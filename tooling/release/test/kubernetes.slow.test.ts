/** The same with names: the API ignores, or refuses, a field that it does not know, and the types of its schemas know all. */
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../src/packages.ts'
import { MANIFESTS, objectsOf } from './kubernetes-setup.ts'

const HERE = join(ROOT, 'tooling/release')
const MODULES: Readonly<Record<string, string>> = {
  Deployment: 'kubernetes-models/apps/v1/Deployment',
  Service: 'kubernetes-models/v1/Service',
  PodDisruptionBudget: 'kubernetes-models/policy/v1/PodDisruptionBudget',
}

/** What tsc says about the objects as literals, in which a field that the type does not have is an error. */
async function typeErrors(yaml: string): Promise<string> {
  // Below this package, where the import is found.
  const folder = join(HERE, 'dist', crypto.randomUUID())
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(folder, { recursive: true })
  const lines = [...objectsOf(yaml)].map(([kind, object]) => {
    const { [kind]: module } = MODULES
    if (module === undefined) throw new Error(`expected one of ${Object.keys(MODULES).join(', ')}, got ${kind}`)
    return `import type { I${kind} } from '${module}'\nexport const a${kind}: I${kind} = ${JSON.stringify(object)}\n`
  })
  writeFileSync(join(folder, 'objects.ts'), lines.join(''))
  const config = {
    extends: '../../../tsconfig/tests.json',
    compilerOptions: { incremental: false, composite: false, noEmit: true, skipLibCheck: true },
    include: ['*.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(HERE, 'node_modules/typescript/bin/tsc')
  return promisify(execFile)(process.execPath, [tsc, '-p', folder], { cwd: folder }).then(
    () => '',
    (error: { readonly stdout: string }) => error.stdout,
  )
}

describe('deploy/kubernetes.yaml', () => {
  test('has only fields that the API knows', { timeout: 120_000 }, async () => {
    expect(await typeErrors(MANIFESTS)).toBe('')
    expect(await typeErrors(MANIFESTS.replace('failureThreshold', 'failuresThreshold'))).toContain('failuresThreshold')
  })
})
