import jsTokens from 'js-tokens'

/** A stretch of text for people, and the line on which it begins. */
export type Prose = { readonly line: number; readonly text: string }

/** What people read in a file: comments and strings of a source file, all of a Markdown file but its code. */
export function proseOf(name: string, content: string): readonly Prose[] {
  if (name.endsWith('.md')) return [{ line: 1, text: withoutCodeBlocks(content) }]
  return joinLineComments(sourceProse(content))
}

const LEADER = /^[ \t]*\*(?!\/)[ \t]?/gm

type Found = Prose & { readonly lineComment: boolean }

function* sourceProse(content: string): Generator<Found> {
  let line = 1
  for (const token of jsTokens(content)) {
    switch (token.type) {
      case 'SingleLineComment':
        yield { line, text: token.value.replace(/^\/\/+ ?/, ''), lineComment: true }
        break
      case 'MultiLineComment':
        yield { line, text: token.value.slice(2, -2).replace(LEADER, ''), lineComment: false }
        break
      case 'StringLiteral':
      case 'NoSubstitutionTemplate':
      case 'TemplateHead':
      case 'TemplateMiddle':
      case 'TemplateTail':
        yield { line, text: token.value, lineComment: false }
        break
    }
    line += token.value.split('\n').length - 1
  }
}

/** `//` comments on lines that follow each other are one text, in which a phrase may be wrapped. */
function joinLineComments(found: Iterable<Found>): Prose[] {
  const joined: Prose[] = []
  type Joined = { line: number; text: string; last: number }
  let open: Joined | null = null
  for (const { line, text, lineComment } of found) {
    if (lineComment && open !== null && line === open.last + 1) {
      open.text += `\n${text}`
      open.last = line
      continue
    }
    const prose: Joined = { line, text, last: line }
    joined.push(prose)
    open = lineComment ? prose : null
  }
  return joined
}

/** The lines stay, so that the numbers of those after them hold. */
function withoutCodeBlocks(markdown: string): string {
  let fence: string | null = null
  return markdown
    .split('\n')
    .map((line) => {
      const mark = /^\s*(```+|~~~+)/.exec(line)?.[1]
      if (mark !== undefined && fence === null) fence = mark
      else if (mark !== undefined && fence !== null && mark.startsWith(fence)) fence = null
      else if (fence === null) return line
      return ''
    })
    .join('\n')
}
