/** The grid as one HTML file: the data put into a page that draws it. */
import type { MatrixResults } from './results.ts'

const PLACE = '"MATRIX"'

/** @param template a page with `"MATRIX"` where the data goes */
export function page(matrix: MatrixResults, template: string): string {
  if (!template.includes(PLACE)) throw new Error(`the page has no ${PLACE} to put the data`)
  // Within a script, "</" would end it.
  return template.replace(PLACE, () => JSON.stringify(matrix).replaceAll('<', '\\u003c'))
}
