/**
 * Chunk extensions (RFC 9112 §7.1.1): they are ignored, but only once their grammar has been checked, since what one
 * parser skips loosely another may take for a line end.
 */
const EXTENSIONS =
  /^(?:[ \t]*;[ \t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:[ \t]*=[ \t]*(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*"))?)*$/

/** Whether this, the rest of a chunk-size line after its digits, keeps the grammar. */
export function areChunkExtensions(text: string): boolean {
  return EXTENSIONS.test(text)
}
