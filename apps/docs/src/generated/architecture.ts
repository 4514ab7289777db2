import { FLOORS } from '../../../../tooling/layers/layers.ts'
import { contributingTable, picture } from '../../../../tooling/layers/outputs.ts'
import { readText } from '../repository.ts'
import type { Page } from '../page.ts'

/** The page of docs/, with the picture and the table that `pnpm layers` makes. */
export function architecture(): Page {
  const source = 'docs/architecture.md'
  const markdown = readText(source)
    .replace('<!-- picture of the layers -->', picture(FLOORS))
    .replace('<!-- table of the layers -->', contributingTable(FLOORS))
  return { path: 'architecture', title: 'Architecture', source, markdown }
}
