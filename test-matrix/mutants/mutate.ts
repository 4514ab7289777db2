/** Faults of one small change each, made from the syntax tree of a module: what a slip of its author could be. */
import { createHash } from 'node:crypto'
import { parseSync } from 'rolldown/utils'

export interface Mutant {
  /** Relative to the repository. */
  readonly file: string
  readonly line: number
  /** What is done: `flip`, `boundary`, `remove`, `swap`. */
  readonly kind: Kind
  /** In UTF-16 units of the file's text. */
  readonly start: number
  readonly end: number
  readonly before: string
  readonly after: string
}

export type Kind = 'flip' | 'boundary' | 'remove' | 'swap'

type Node = Readonly<Record<string, unknown>> & { readonly type: string; readonly start: number; readonly end: number }

const OPERATORS: Readonly<Record<string, readonly [string, Kind]>> = {
  '<': ['<=', 'boundary'],
  '<=': ['<', 'boundary'],
  '>': ['>=', 'boundary'],
  '>=': ['>', 'boundary'],
  '===': ['!==', 'flip'],
  '!==': ['===', 'flip'],
  '&&': ['||', 'flip'],
  '||': ['&&', 'flip'],
}

/** Every mutant of a file, in the order of its text. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const found: Mutant[] = []
  visit(program, (node) => {
    const change = changeOf(node, text)
    if (change === null) return
    const { kind, start, end, after } = change
    const line = text.slice(0, start).split('\n').length
    found.push({ file, line, kind, start, end, before: text.slice(start, end), after })
  })
  return found
}

type Change = Pick<Mutant, 'kind' | 'start' | 'end' | 'after'>

function changeOf(node: Node, text: string): Change | null {
  const { type, start, end } = node
  const of = (child: unknown): string => text.slice((child as Node).start, (child as Node).end)
  switch (type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const [operator, kind] = OPERATORS[String(node['operator'])] ?? []
      if (operator === undefined || kind === undefined) return null
      return { kind, start, end, after: `(${of(node['left'])} ${operator} ${of(node['right'])})` }
    }
    case 'UnaryExpression':
      return node['operator'] === '!' ? { kind: 'flip', start, end, after: `!!${of(node['argument'])}` } : null
    case 'Literal':
      // Numbers stay: most are limits and sizes, and one more of them is no fault.
      return typeof node['value'] === 'boolean' ? { kind: 'flip', start, end, after: String(!node['value']) } : null
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = node
      return { kind: 'swap', start, end, after: `(${of(test)} ? ${of(alternate)} : ${of(consequent)})` }
    }
    case 'ThrowStatement':
      return { kind: 'remove', start, end, after: ';' }
    case 'ExpressionStatement':
      return isRemovable(node['expression'] as Node) ? { kind: 'remove', start, end, after: ';' } : null
    default:
      return null
  }
}

function isRemovable(expression: Node): boolean {
  if (expression.type === 'AssignmentExpression' || expression.type === 'UpdateExpression') return true
  return expression.type === 'CallExpression' && (expression['callee'] as Node).type !== 'Super'
}

/** Types are not run, and imports are not mutated; what a cast or an assertion holds is. */
const isSkipped = (type: string): boolean =>
  (type.startsWith('TS') && !['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'].includes(type)) ||
  type === 'ImportDeclaration'

function visit(value: unknown, take: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const member of value) visit(member, take)
  } else if (typeof value === 'object' && value !== null) {
    const node = value as Node
    if (typeof node.type === 'string') {
      if (isSkipped(node.type)) return
      take(node)
    }
    for (const child of Object.values(node)) visit(child, take)
  }
}

/**
 * Some of the mutants, by the hash of what they are and not of where: a change of a file leaves the choice among all others
 * as it was.
 */
export function choose(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  const times = new Map<string, number>()
  return mutants
    .map((mutant) => {
      const text = `${mutant.file}\n${mutant.kind}\n${mutant.before}\n${mutant.after}`
      const time = (times.get(text) ?? 0) + 1
      times.set(text, time)
      return { mutant, rank: createHash('sha256').update(`${seed}\n${time}\n${text}`).digest('hex') }
    })
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant)
}

/** `packages/exchange/src/fields.ts:12 a < b → a <= b`, on one line. */
export const nameOf = ({ file, line, before, after }: Mutant): string =>
  `${file}:${line} ${short(before)} → ${after === ';' ? 'removed' : short(after)}`

const short = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 100)
