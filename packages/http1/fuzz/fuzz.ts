/** Goes on from a corpus: what takes a new way through the parser joins it. */
import { examine, Finding } from './examine.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'

export interface FuzzOptions {
  readonly seed: number
  /** Asked before each input. */
  readonly goesOn: (inputs: number) => boolean
  readonly progress?: ((inputs: number, kinds: number) => void) | undefined
}

export interface FuzzResult {
  readonly inputs: number
  /** How many ways through the parser were seen. */
  readonly kinds: number
  /** Inputs that took a way which none of the corpus took. */
  readonly added: readonly string[]
  readonly finding: { readonly input: string; readonly message: string } | null
}

export async function fuzz(corpus: readonly string[], { seed, goesOn, progress }: FuzzOptions): Promise<FuzzResult> {
  const random = new Random(seed)
  const inputs = [...corpus]
  const kinds = new Set<string>()
  const added: string[] = []
  let examined = 0
  while (goesOn(examined)) {
    // The corpus itself comes first.
    const input = corpus[examined] ?? mutate(inputs, random)
    try {
      const kind = await examine(input, random)
      if (!kinds.has(kind)) {
        kinds.add(kind)
        if (examined >= corpus.length) {
          inputs.push(input)
          added.push(input)
        }
      }
    } catch (error) {
      if (!(error instanceof Finding)) throw error
      return { inputs: examined, kinds: kinds.size, added, finding: { input, message: error.message } }
    }
    examined++
    progress?.(examined, kinds.size)
  }
  return { inputs: examined, kinds: kinds.size, added, finding: null }
}
