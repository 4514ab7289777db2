/** `pnpm -F @tsgi/spec generate`: writes `src/clauses.ts` from SPEC.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { clausesModule, clausesOfSpec } from './clauses-of-spec.ts'

const clauses = clausesOfSpec(readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8'))
writeFileSync(new URL('../src/clauses.ts', import.meta.url), clausesModule(clauses))
