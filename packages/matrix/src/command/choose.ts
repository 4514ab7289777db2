/** Some of those who take part, by their names. */
import { basename, extname } from 'node:path'
import type { Lineup } from '../cells.ts'
import { InputError } from '../input-error.ts'
import type { FrameworkEntry } from '../participants.ts'

export interface Choice {
  readonly servers?: readonly string[] | undefined
  readonly frameworks?: readonly string[] | undefined
}

/** @throws InputError for a name that nobody has, and where nobody is left */
export function choose(lineup: Lineup, { servers, frameworks }: Choice): Lineup {
  return {
    ...lineup,
    contenders: named('--servers', servers, lineup.contenders, ({ server }) => [server.name]),
    frameworks: named('--frameworks', frameworks, lineup.frameworks, namesOf),
  }
}

/** As the grid calls it, and as its file is called: `Hono` and `hono`, `raw TSGI` and `raw`. */
const namesOf = ({ name, application }: FrameworkEntry): string[] => [name, basename(application, extname(application))]

function named<T>(
  flag: string,
  wanted: readonly string[] | undefined,
  entries: readonly T[],
  namesOf: (entry: T) => readonly string[],
): readonly T[] {
  const has = (entry: T, name: string): boolean =>
    namesOf(entry).some((one) => one.toLowerCase() === name.toLowerCase())
  for (const name of wanted ?? []) {
    if (entries.some((entry) => has(entry, name))) continue
    const there = entries.map((entry) => namesOf(entry)[0]).join(', ')
    throw new InputError(`${flag} ${name}: nobody of that name takes part here; there are ${there}.`)
  }
  return wanted === undefined ? entries : entries.filter((entry) => wanted.some((name) => has(entry, name)))
}

/** Who takes part, in two lines. */
export const describeLineup = ({ contenders, frameworks }: Lineup): string =>
  [
    `servers:    ${contenders.map(({ server }) => server.name).join(', ')}`,
    `frameworks: ${frameworks.map(({ name, version }) => (version === undefined ? name : `${name} ${version}`)).join(', ')}`,
  ].join('\n')
