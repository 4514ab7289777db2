/** The regular expressions of a module, from its syntax tree. */
import { parseSync } from 'rolldown/utils'

export interface Expression {
  readonly file: string
  readonly line: number
  /** As it stands in the source. */
  readonly text: string
  /** `null`: made at run time by `RegExp(…)`. */
  readonly literal: { readonly pattern: string; readonly flags: string } | null
}

export function expressionsOf(file: string, source: string): readonly Expression[] {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const found: Expression[] = []
  visit(program, (node) => {
    const literal = isRecord(node['regex']) ? literalOf(node['regex']) : null
    if (literal === null && !isConstruction(node)) return
    const start = Number(node['start'])
    const line = source.slice(0, start).split('\n').length
    found.push({ file, line, text: source.slice(start, Number(node['end'])), literal })
  })
  return found
}

type Node = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Node => typeof value === 'object' && value !== null

function literalOf(regex: Node): Expression['literal'] {
  return { pattern: String(regex['pattern']), flags: String(regex['flags']) }
}

function isConstruction({ type, callee }: Node): boolean {
  return (type === 'NewExpression' || type === 'CallExpression') && isRecord(callee) && callee['name'] === 'RegExp'
}

function visit(value: unknown, take: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const member of value) visit(member, take)
  } else if (isRecord(value)) {
    if (typeof value['type'] === 'string') take(value)
    for (const child of Object.values(value)) visit(child, take)
  }
}
