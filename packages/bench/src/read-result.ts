/** Reads a result back: the JSON of a run, or a report, in which it is embedded. */
import { readFile } from 'node:fs/promises'
import { InputError } from './input-error.ts'
import { FORMAT, type BenchResult } from './result.ts'

const EMBEDDED = /<script type="application\/json" id="result">([\s\S]*?)<\/script>/

/** @throws InputError where the file is no result of this format */
export async function readResult(file: string): Promise<BenchResult> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`)
  }
  const json = EMBEDDED.exec(text)?.[1] ?? text
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new InputError(`${file}: expected the JSON of a run (tsgi bench --json), or its report; it is neither`)
  }
  if (isResult(value)) return value
  throw new InputError(`${file}: expected a result of the format ${FORMAT}; it has none or another`)
}

/** How it stands in a page: nothing in it can end the element. */
export const embeddable = (result: BenchResult): string => JSON.stringify(result).replaceAll('<', '\\u003c')

function isResult(value: unknown): value is BenchResult {
  return typeof value === 'object' && value !== null && (value as { format?: unknown }).format === FORMAT
}
