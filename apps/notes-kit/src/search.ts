/**
 * Search works on a column of its own, made here, so that it finds the same in both databases: their ideas of letter case
 * differ outside ASCII.
 */

/** What is searched in: folded to one case and one way of writing accents. */
export const searchText = (...texts: readonly string[]): string => texts.join('\n').normalize('NFKC').toLowerCase()

/** Characters of a search that count: each word is a condition, and SQLite takes some hundreds of them. */
const MAX_SEARCH = 200

/** A LIKE pattern for each word, with `\` as escape character. All of them must be found. */
export function searchPatterns(query: string): string[] {
  const words = searchText(query.slice(0, MAX_SEARCH)).replaceAll('\0', ' ').split(/\s+/)
  return words.filter((word) => word !== '').map((word) => `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`)
}
