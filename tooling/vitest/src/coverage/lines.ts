/** From what V8 counts, by offsets in the code that ran, to lines of the sources. */
export type FunctionCoverage = Readonly<{
  ranges: readonly Readonly<{ startOffset: number; endOffset: number; count: number }>[]
}>
export type ScriptCoverage = Readonly<{ url: string; functions: readonly FunctionCoverage[] }>
/** Code that ran in a test worker: `source` is what vite made of the file, with its map inline. */
export type Script = Readonly<{ file: string; source: string; functions: readonly FunctionCoverage[] }>
export type Segment = Readonly<{ line: number; column: number; source: string; sourceLine: number }>

/** 1 for each offset that ran. Ranges lie within one another, the outer first. */
export function ranOffsets(length: number, functions: readonly FunctionCoverage[]): Uint8Array {
  const ran = new Uint8Array(length)
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  return ran
}

/** Lines of the sources, from 1, of which a mapped place ran. */
export function ranLines(code: string, ran: Uint8Array, segments: readonly Segment[]): Map<string, Set<number>> {
  const starts = lineStarts(code)
  const lines = new Map<string, Set<number>>()
  for (const { line, column, source, sourceLine } of segments) {
    if (ran[(starts[line] ?? 0) + column] !== 1) continue
    let set = lines.get(source)
    if (set === undefined) lines.set(source, (set = new Set()))
    set.add(sourceLine)
  }
  return lines
}

export function lineStarts(code: string): number[] {
  const starts = [0]
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

const DIGITS = new Map([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((c, i) => [c, i]))

/** The segments of a source map (ECMA-426) that name a source. */
export function segmentsOf(map: Readonly<{ mappings: string; sources: readonly string[] }>): Segment[] {
  const segments: Segment[] = []
  let [source, sourceLine] = [0, 0]
  for (const [line, text] of map.mappings.split(';').entries()) {
    let column = 0
    for (const fields of text.split(',')) {
      const [columns, sources, lines] = decode(fields)
      column += columns ?? 0
      if (lines === undefined) continue
      source += sources ?? 0
      sourceLine += lines
      segments.push({ line, column, source: map.sources[source] ?? '', sourceLine: sourceLine + 1 })
    }
  }
  return segments
}

/** Base 64 VLQ: five bits a digit, the sixth says that more follow, the lowest of the value is the sign. */
function decode(text: string): number[] {
  const values: number[] = []
  let [value, shift] = [0, 0]
  for (const digit of text) {
    const bits = DIGITS.get(digit) ?? 0
    value |= (bits & 31) << shift
    shift += 5
    if ((bits & 32) !== 0) continue
    values.push((value & 1) === 1 ? -(value >> 1) : value >> 1)
    value = shift = 0
  }
  return values
}
