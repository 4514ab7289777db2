import { readFileSync } from 'node:fs'

/** A place in a file of source code. */
export interface Place {
  /** Absolute path. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1; absent where it is not known. */
  readonly column?: number | undefined
}

/** Lines of a file around a place. */
export interface Excerpt {
  readonly lines: readonly { readonly number: number; readonly text: string }[]
  /** The number of the line that is meant. */
  readonly line: number
}

const LINES_AROUND = 4

/** A minified bundle is one line; nobody reads the rest of it. In characters. */
const LONGEST_LINE = 400

/** The lines around a place; `undefined` where the file cannot be read, or is not that long. */
export function sourceExcerpt({ file, line }: Place): Excerpt | undefined {
  let lines: readonly string[]
  try {
    lines = readFileSync(file, 'utf8').replace(/\n$/, '').split(/\r?\n/)
  } catch {
    return undefined
  }
  if (line < 1 || line > lines.length) return undefined
  const first = Math.max(line - LINES_AROUND, 1)
  const shown = lines.slice(first - 1, line + LINES_AROUND)
  return { line, lines: shown.map((text, at) => ({ number: first + at, text: text.slice(0, LONGEST_LINE) })) }
}
