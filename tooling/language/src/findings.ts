import { createHash } from 'node:crypto'
import { IDIOMS, type Idiom } from './idioms.ts'
import { proseOf } from './prose.ts'

/** An idiom at a place. `key` is the same wherever the line is, and however it is indented. */
export type Finding = {
  readonly file: string
  readonly line: number
  readonly idiom: Idiom
  readonly excerpt: string
  readonly key: string
}

export function findIdioms(file: string, content: string): readonly Finding[] {
  const findings: Finding[] = []
  for (const { line, text } of proseOf(file, content)) {
    for (const idiom of IDIOMS) {
      for (const { 0: match, index } of text.matchAll(idiom.pattern)) {
        const excerpt = linesAround(text, index, index + match.length)
          .replace(/\s+/g, ' ')
          .trim()
        findings.push({
          file,
          line: line + (text.slice(0, index).split('\n').length - 1),
          idiom,
          excerpt,
          key: createHash('sha256').update(`${idiom.name}\0${excerpt}`).digest('hex').slice(0, 16),
        })
      }
    }
  }
  return findings
}

function linesAround(text: string, start: number, end: number): string {
  const next = text.indexOf('\n', end)
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, next === -1 ? text.length : next)
}
