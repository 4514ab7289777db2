/** Whether the cost of a regular expression grows faster than its input. */
import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp'

/** `null`: linear. Otherwise what is wrong, in a few words. */
export type Verdict = string | null

// Its other backends are a binary for each platform and a Java archive.
process.env['RECHECK_BACKEND'] = 'pure'
const { checkSync } = await import('recheck')

export function verdictOn(pattern: string, flags: string): Verdict {
  const { obviouslyLinear, alternatives } = shapeOf(pattern, flags)
  if (obviouslyLinear) return null
  for (const part of flags.includes('g') ? [pattern, ...alternatives] : [pattern]) {
    const result = checkSync(part, flags, { checker: 'automaton', timeout: 60_000 })
    if (result.status === 'vulnerable') {
      return `${result.complexity.summary}${part === pattern ? '' : ` in ${part}`}, such as for ${attackText(result.attack.pattern)}`
    }
    if (result.status === 'unknown') return `cannot be judged (${result.error.kind})`
  }
  return null
}

const attackText = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text)

interface Shape {
  readonly obviouslyLinear: boolean
  /**
   * Those of groups. With the flag `g` a match is tried at every position, and an alternative that reads far ahead and fails
   * costs that again and again even where the whole finds a match by another one: `(?:"(?:[^"\\]|\\.)*"|[^",])+`.
   */
  readonly alternatives: readonly string[]
}

function shapeOf(pattern: string, flags: string): Shape {
  const unicode = flags.includes('u')
  const unicodeSets = flags.includes('v')
  const tree = new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode, unicodeSets })
  const alternatives: string[] = []
  let unbounded = 0
  let plain = true
  let depth = 0
  visitRegExpAST(tree, {
    onQuantifierEnter(quantifier) {
      if (quantifier.max === Infinity) unbounded += 1
      if (depth > 0 && quantifier.max === Infinity) plain = false
      depth += 1
    },
    onQuantifierLeave() {
      depth -= 1
    },
    onBackreferenceEnter() {
      plain = false
    },
    onAssertionEnter({ kind }) {
      if (kind === 'lookahead' || kind === 'lookbehind') plain = false
    },
    onAlternativeEnter({ parent, elements, raw }) {
      if (parent.type !== 'Pattern' && elements.length > 0) alternatives.push(raw)
    },
  })
  const anchored =
    !flags.includes('m') &&
    tree.alternatives.every(({ elements }) => elements[0]?.type === 'Assertion' && elements[0].kind === 'start')
  return {
    obviouslyLinear: plain && (unbounded === 0 || (unbounded === 1 && anchored)),
    alternatives,
  }
}
