/** A README as the reader follows it: files to write and commands to run, in their order. */
export type Step =
  | { readonly kind: 'file'; readonly path: string; readonly content: string }
  | { readonly kind: 'commands'; readonly lines: readonly string[] }

const BLOCK = /^```(\w*)\n([^]*?)^```$/gm

// A file is named by a comment in its first line, or by the end of the line before the block.
const NAME_IN_COMMENT = /^(?:\/\/|#) ([\w./-]+\.\w+)\n/
const NAME_BEFORE = /`([\w./-]+\.\w+)`:?\s*$/

/**
 * Blocks of `sh` are commands. A `ts`, `html` or `python` block is a file where it is named; the first of `ts` without a name
 * is `app.ts`. Other blocks are parts of programs, or output.
 */
export function readmeSteps(markdown: string): readonly Step[] {
  const steps: Step[] = []
  let hasApp = false
  for (const { 1: language = '', 2: content = '', index } of markdown.matchAll(BLOCK)) {
    if (language === 'sh') {
      const lines = commandLines(content)
      if (lines.length > 0 && !lines.some(isForThisRepository)) steps.push({ kind: 'commands', lines })
      continue
    }
    if (!['ts', 'html', 'python'].includes(language)) continue
    const named = NAME_IN_COMMENT.exec(content)?.[1] ?? NAME_BEFORE.exec(markdown.slice(0, index))?.[1]
    if (named !== undefined) steps.push({ kind: 'file', path: named, content })
    else if (language === 'ts' && !hasApp) {
      hasApp = true
      steps.push({ kind: 'file', path: 'app.ts', content })
    }
  }
  return steps
}

/** One command a line, without the remark at its end; a backslash continues it. */
const commandLines = (block: string): readonly string[] =>
  block
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/(?:^|\s+)# .*$/, '').trim())
    .filter((line) => line !== '')

/** Measuring and developing TSGI itself takes a checkout of it. */
const isForThisRepository = (line: string): boolean => /^git clone |tooling\/|packages\/|\$S\//.test(line)
