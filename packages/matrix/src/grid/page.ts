/** The grid as one HTML file: the data put into a page that draws it. */
import { readFile } from 'node:fs/promises'
import type { MatrixResults } from './results.ts'

const TEMPLATE = new URL('../../assets/grid.html', import.meta.url)
const PLACE = '"MATRIX"'

export async function page(matrix: MatrixResults): Promise<string> {
  const template = await readFile(TEMPLATE, 'utf8')
  // Within a script, "</" would end it.
  return template.replace(PLACE, () => JSON.stringify(matrix).replaceAll('<', '\\u003c'))
}
