/**
 * `node bundle.ts <from> <to>`: makes one file of a built program and all that it imports, but for Node's own modules.
 *
 * A program that a process loads for every connection pays for each file: 78 of them were 31 ms of processor time, the same in
 * one file 3 ms (`decisions/0001` of server-process).
 */
import { rolldown } from 'rolldown'

const [from, to] = process.argv.slice(2)
if (from === undefined || to === undefined) throw new Error('expected: node bundle.ts <from> <to>')

const bundle = await rolldown({
  input: from,
  platform: 'node',
  external: /^node:/,
  // Importing any of our modules does nothing by itself, so what is not used is left out.
  treeshake: { moduleSideEffects: false },
})
await bundle.write({ file: to, format: 'cjs', codeSplitting: false, comments: false })
await bundle.close()
