/** What is read of a state and its tokens of markdown-it. */
interface Token {
  readonly type: string
  readonly content: string
  tag: string
}

/** The corner above a column of names heads nothing: an empty `th` is a `td`, which screen readers pass over. */
export function emptyHeadsAreCells({ tokens }: { readonly tokens: readonly Token[] }): void {
  tokens.forEach((token, index) => {
    const [text, close] = [tokens[index + 1], tokens[index + 2]]
    if (token.type !== 'th_open' || text?.content !== '' || close?.type !== 'th_close') return
    token.tag = 'td'
    close.tag = 'td'
  })
}
