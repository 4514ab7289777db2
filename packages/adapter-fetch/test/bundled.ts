/** A program and all that it imports, as the tools of runtimes other than Node make one file of it. */
import { isBuiltin } from 'node:module'
import { rolldown } from 'rolldown'

export interface Bundled {
  readonly code: string
  /** `file imports module` for each import of a Node module, used or not. */
  readonly nodeImports: readonly string[]
}

/** @param format `iife` leaves the exports in the variable `program` */
export async function bundled(input: string, format: 'esm' | 'iife'): Promise<Bundled> {
  const nodeImports: string[] = []
  const bundle = await rolldown({
    input,
    platform: 'neutral',
    plugins: [
      {
        name: 'node-imports',
        resolveId(source, importer) {
          if (!isBuiltin(source)) return null
          nodeImports.push(`${importer} imports ${source}`)
          return { id: source, external: true }
        },
      },
    ],
  })
  const { output } = await bundle.generate({ format, name: 'program', codeSplitting: false })
  await bundle.close()
  return { code: output[0].code, nodeImports }
}
