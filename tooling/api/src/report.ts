/** The report of a package: its entries, and what each exports. */
import { readFileSync } from 'node:fs'
import { exportsOf } from './exports.ts'

interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, { readonly types?: string } | string>> | string
}

/** Entries of a package that have types: `.` and others, each with its `.d.ts`. */
export function entriesOf(folder: string): readonly (readonly [entry: string, types: string])[] {
  const { exports }: Manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  if (exports === undefined || typeof exports === 'string') return []
  return Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'object' && target.types !== undefined && !target.types.includes('*')
      ? [[entry, `${folder}/${target.types.replace('./', '')}`] as const]
      : [],
  )
}

/** In Markdown; `null` for a package without an entry that has types. */
export function reportOf(folder: string): string | null {
  const entries = entriesOf(folder)
  if (entries.length === 0) return null
  const { name }: Manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const sections = entries.map(([entry, types]) => {
    const exported = [...exportsOf(types)].toSorted(([a], [b]) => (a < b ? -1 : 1))
    const lines = exported.map(([, text]) => text)
    return `## ${name}${entry.slice(1)}\n\n\`\`\`ts\n${[...new Set(lines)].join('\n\n')}\n\`\`\`\n`
  })
  return `# What ${name} exports\n\nMade by \`pnpm api\` of the types that were built; \`pnpm check\` compares it.\n\n${sections.join('\n')}`
}
