/** The corpus: a line for each input, as a JSON string of one character per byte. */
import { readFileSync, writeFileSync } from 'node:fs'

const FILE = new URL('corpus.jsonl', import.meta.url)

export const readCorpus = (): string[] =>
  readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as string)

export const writeCorpus = (corpus: readonly string[]): void =>
  writeFileSync(FILE, corpus.map((input) => `${escaped(input)}\n`).join(''))

/** Pure ASCII: control bytes and bytes over 0x7E are no matter for an editor. */
const escaped = (input: string): string =>
  // oxlint-disable-next-line no-control-regex
  JSON.stringify(input).replaceAll(/[\x7f-\xff]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)
