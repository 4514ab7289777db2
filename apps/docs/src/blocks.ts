/** The fenced blocks of a page: files, commands and the output that is expected of them. */

export interface File {
  readonly name: string
  readonly content: string
}

export interface Commands {
  readonly lines: readonly string[]
  /** What the block behind says that they print; `null` where there is none. */
  readonly output: string | null
}

export interface Blocks {
  readonly files: readonly File[]
  readonly commands: readonly Commands[]
}

const BLOCK = /^```(\w*)\n([^]*?)^```$/gm

/** A file is named by a comment in its first line. */
const NAME = /^(?:\/\/|#) ([\w./-]+\.\w+)\n/

/** `ts` blocks without a name are files too, so that their types are checked. */
export function blocksOf(markdown: string): Blocks {
  const files: File[] = []
  const commands: Commands[] = []
  const all = [...markdown.matchAll(BLOCK)].map(([, language = '', content = '']) => ({ language, content }))
  all.forEach(({ language, content }, index) => {
    if (['ts', 'js', 'py', 'ru', 'html', 'css', 'json'].includes(language)) {
      const name = NAME.exec(content)?.[1]
      if (name !== undefined) files.push({ name, content })
      else if (language === 'ts') files.push({ name: `block-${index}.ts`, content })
      return
    }
    if (language !== 'sh') return
    const next = all[index + 1]
    commands.push({ lines: commandLines(content), output: next?.language === 'text' ? next.content : null })
  })
  return { files, commands }
}

/** One command a line, without the remark at its end; a backslash continues it. */
const commandLines = (block: string): readonly string[] =>
  block
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(?:^|\s+)# .*$/, '').trim())
    .filter((line) => line !== '')
