/** What axe finds wrong with the page that a browser shows. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** A page of playwright, of which nothing else is needed. */
interface Evaluating {
  evaluate(script: string): Promise<unknown>
}

export interface AxeOptions {
  /** Look at the contrast of colours too, which is the costliest rule and does not depend on the width. Default true. */
  readonly colours?: boolean
}

/** Widths in CSS pixels of a phone, a tablet, the two commonest laptops and a large screen. */
export const WIDTHS: readonly number[] = [360, 768, 1280, 1366, 1920]

let script: string | undefined

/** A line for each element that breaks a rule: the rule, the element and what is wrong; and one where the page is too wide. */
export async function axeFaults(page: Evaluating, { colours = true }: AxeOptions = {}): Promise<readonly string[]> {
  script ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(script)
  const options = JSON.stringify({ rules: { 'color-contrast': { enabled: colours } } })
  const found =
    (await page.evaluate(`axe.run(document, ${options}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => id + ' at ' + target.join(' ') + ': ' + failureSummary.split('\\n')[1])))`)) as string[]
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  return wide === 0 ? found : [...found, `${String(wide)} px too wide`]
}
