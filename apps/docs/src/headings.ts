/** Headings of Markdown, and the names by which links reach them. */

/** What stands outside of fenced blocks, line by line; lines of blocks are empty. */
export function proseLines(markdown: string): readonly string[] {
  let fence: string | null = null
  return markdown.split('\n').map((line) => {
    const mark = /^ *(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== null) {
      if (mark !== undefined && mark.startsWith(fence)) fence = null
      return ''
    }
    if (mark !== undefined) {
      fence = mark
      return ''
    }
    return line
  })
}

/** The name of a heading in links, as GitHub makes it, so that a link leads to the same place there and here. */
export const slug = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')

/** Names of all headings; of equal ones the later get `-1`, `-2` and so on. */
export function slugs(markdown: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const line of proseLines(markdown)) {
    const heading = /^#{1,6} +(.*?) *#*$/.exec(line)?.[1]
    if (heading === undefined) continue
    const name = slug(heading.replaceAll('`', ''))
    let unique = name
    for (let count = 1; found.has(unique); count++) unique = `${name}-${count}`
    found.add(unique)
  }
  return found
}

/** The first heading of a page. */
export function titleOf(markdown: string): string | undefined {
  const line = proseLines(markdown).find((text) => text.startsWith('# '))
  return line?.slice(2).trim().replaceAll('`', '')
}
