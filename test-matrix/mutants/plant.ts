/** Loaded by `--import` before all else: one module of this process has the mutant of `TSGI_MUTANT` in it. */
import { registerHooks } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Mutant } from './mutate.ts'

const planted = process.env['TSGI_MUTANT']
if (planted !== undefined) {
  const { file, start, end, before, after }: Mutant = JSON.parse(planted)
  const url = new URL(`../../${file}`, import.meta.url)
  const text = readFileSync(url, 'utf8')
  if (text.slice(start, end) !== before) throw new Error(`${file} is not what the mutant was made of`)
  registerHooks({
    load: (loaded, context, next) =>
      loaded === url.href
        ? { format: 'module-typescript', source: text.slice(0, start) + after + text.slice(end), shortCircuit: true }
        : next(loaded, context),
  })
}
