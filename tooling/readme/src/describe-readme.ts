import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const read = (url: URL): string => readFileSync(url, 'utf8')

/** The README of the package in whose folder `test` the module of this URL is. */
export const readmeOf = (here: string): string => read(new URL('../README.md', here))

/** The blocks of a README that are files: those that begin with `// name.ts`, by that name. */
export const filesIn = (readme: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...readme.matchAll(/```ts\n\/\/ (\S+)\n([^]*?)```/g)].map(([, name, text]) => [name, text]))

/**
 * Tests that the package's README has its example word for word: `readme-example.ts` beside the test, or every file of the
 * folder `readme`, each with its name as the first line.
 *
 * @param here the URL of the test, `import.meta.url`
 * @param prints what the example, or `readme/main.ts`, prints before it ends by itself; without it, it is not run
 */
export function describeReadme(here: string, { prints }: { readonly prints?: string | RegExp } = {}): void {
  const example = new URL('readme-example.ts', here)
  const folder = new URL('readme/', here)
  const single = existsSync(example)
  const blocks = single
    ? [read(example)]
    : readdirSync(folder).map((file) => `// ${file}\n${read(new URL(file, folder))}`)

  test('the example of the README is the one that runs here', () => {
    const readme = readmeOf(here)
    for (const block of blocks) expect(readme).toContain(`\`\`\`ts\n${block}\`\`\``)
  })

  if (prints === undefined) return
  test('it prints what it says, and ends by itself', () => {
    // Several files are for a server of processes, which are started from what was built.
    const args = single ? ['--conditions=source', fileURLToPath(example)] : [fileURLToPath(new URL('main.ts', folder))]
    const out = execFileSync(process.execPath, args, { encoding: 'utf8' })
    if (typeof prints === 'string') expect(out).toBe(prints)
    else expect(out).toMatch(prints)
  })
}
