/** A Markdown file that is made whole, or one with a place for the grid in it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { InputError } from '../input-error.ts'

const MADE = '<!-- Made by `tsgi matrix`. -->\n'
const BEGIN = '<!-- matrix -->\n'
const END = '<!-- end of matrix -->'

/**
 * Puts the table between the two comments of the file, or makes the file of it.
 *
 * @throws InputError for a file that somebody wrote and that has no place for it
 */
export function writeMarkdown(file: string, table: string): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : MADE
  try {
    writeFileSync(file, withTable(before, table, file))
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`${file} cannot be written: ${(error as Error).message}`)
  }
}

/** @throws InputError for a file that somebody wrote and that has no place for the grid */
export const requirePlace = (file: string): void =>
  void (existsSync(file) && withTable(readFileSync(file, 'utf8'), '', file))

export function withTable(before: string, table: string, file: string): string {
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)]
  if (begin >= 0 && end > begin) return `${before.slice(0, begin)}${BEGIN}\n${table}\n${before.slice(end)}`
  if (before.startsWith(MADE)) return `${MADE}\n${table}`
  throw new InputError(
    `${file} was not made by this command, and has no place for the grid: put ${BEGIN.trim()} and ${END} into it, each on a line of its own.`,
  )
}

/** The table that such a file has; `null` where it has no place for one. */
export function tableIn(file: string): string | null {
  const text = readFileSync(file, 'utf8')
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin >= 0 && end > begin) return text.slice(begin + BEGIN.length + 1, end - 1)
  return text.startsWith(MADE) ? text.slice(MADE.length + 1) : null
}
