/** `pnpm -F @tsgi/validator generate`: writes RULES.md. */
import { writeFileSync } from 'node:fs'
import { rulesPage } from './rules-page.ts'

writeFileSync(new URL('../RULES.md', import.meta.url), rulesPage())
