import { readText } from '../repository.ts'
import type { Page } from '../page.ts'

/** The codes of the validator, which @tsgi/validator writes itself. */
export function validatorRules(): Page {
  const source = 'packages/validator/RULES.md'
  return { path: 'reference/validator-codes', title: 'Validator codes', source, markdown: readText(source) }
}
