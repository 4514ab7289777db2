/** What is made from the table of layers. */
import type { Floor } from './layers.ts'

interface LintOverride {
  readonly files: readonly string[]
  readonly excludeFiles: readonly string[]
  readonly rules: Readonly<Record<string, unknown>>
}

/** The rule of one package for `no-restricted-imports`. */
function overrideOf(
  name: string,
  may: readonly string[],
  all: readonly string[],
  except: readonly string[],
): LintOverride {
  const forbidden = all.filter((other) => other !== name && !may.includes(other) && other !== 'cli')
  return {
    files: [`packages/${name}/src/**`],
    excludeFiles: ['**/*.test.ts', ...except],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(tsgi|@tsgi/(${forbidden.join('|')}))(/|$)`,
              message: `Imports go one way: ${name} may import ${listed(may)} (tooling/layers/layers.json).`,
            },
          ],
        },
      ],
    },
  }
}

const listed = (may: readonly string[]): string => (may.length === 0 ? 'nothing of ours' : may.join(', '))

/** The lint configuration with the import rules of the table; everything else of it is kept. */
export function lintConfig(current: string, floors: readonly Floor[]): string {
  const config: { overrides?: readonly LintOverride[] } = JSON.parse(current)
  const all = floors.flatMap(({ packages }) => Object.keys(packages))
  const others = (config.overrides ?? []).filter(({ rules }) => !('no-restricted-imports' in rules))
  const rules = floors.flatMap(({ packages, except }) =>
    Object.entries(packages)
      .filter(([, may]) => !may.includes('*'))
      .map(([name, may]) => overrideOf(name, may, all, except?.[name] ?? [])),
  )
  return `${JSON.stringify({ ...config, overrides: [...rules, ...others] }, null, 2)}\n`
}

/** The table of CONTRIBUTING.md. */
export function contributingTable(floors: readonly Floor[]): string {
  const rows = floors.flatMap(({ packages }) =>
    Object.entries(packages).map(
      ([name, may]) => `| ${nameOf(name)} | ${may.includes('*') ? 'all of the above' : listed(may)} |`,
    ),
  )
  return ['| package | may import |', '|---|---|', ...rows].join('\n')
}

/** The picture of docs/architecture.md: a line for each floor. */
export function picture(floors: readonly Floor[]): string {
  const lines = floors.map(({ floor, packages }) => [Object.keys(packages).map(nameOf).join(' · '), floor] as const)
  const width = Math.max(...lines.map(([names]) => names.length))
  return ['```text', ...lines.map(([names, floor]) => `${names.padEnd(width)}   ${floor}`), '```'].join('\n')
}

const nameOf = (folder: string): string => (folder === 'cli' ? 'tsgi' : folder)

/** Text with what stands between `<!-- NAME -->` and `<!-- end of NAME -->` replaced. */
export function between(text: string, name: string, content: string): string {
  const start = `<!-- ${name} -->`
  const end = `<!-- end of ${name} -->`
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`expected the lines "${start}" and "${end}", got a text without them`)
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`
}
