import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { reportOf } from '../src/report.ts'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

function report(files: Readonly<Record<string, string>>): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-api-'))
  folders.push(folder)
  const manifest = { name: 'it', exports: { '.': { types: './dist/index.d.ts' }, './plain': './plain.js' } }
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return reportOf(folder)
}

describe('the report of what a package exports', () => {
  test('has declarations of other files, by name, without comments and private members', () => {
    const text = report({
      'dist/index.d.ts': "export { b, type A as Renamed } from './inner.js';\nexport * from './star.js';\n",
      'dist/inner.d.ts':
        '/** Not shown. */\nexport interface A {\n    /** Nor this. */\n    readonly x: number;\n}\nexport declare const b: A;\n',
      'dist/star.d.ts':
        'export declare class C {\n    #private;\n    run(): void;\n}\n//# sourceMappingURL=star.d.ts.map\n',
    })
    expect(text).toContain(
      '```ts\nclass C {\n    run(): void;\n}\n\ninterface A {\n    readonly x: number;\n}\n\nconst b: A;\n```',
    )
  })

  test('has every overload, and where a name of another package comes from', () => {
    const text = report({
      'dist/index.d.ts':
        "import { X } from 'other';\nexport { X };\nexport declare function f(a: 1): 1;\nexport declare function f(a: 2): 2;\n",
    })
    expect(text).toContain("export { X } from 'other'\n\nfunction f(a: 1): 1;\nfunction f(a: 2): 2;")
  })

  test('fails on a name that is nowhere declared', () => {
    expect(() => report({ 'dist/index.d.ts': "export { gone } from './inner.js'", 'dist/inner.d.ts': '' })).toThrow(
      'gone',
    )
  })
})
