import type { Difference } from '../compare.ts'

/** One request of a table: method, target, fields, body. */
export type Row = readonly [
  method: string,
  target: string,
  fields?: Readonly<Record<string, string>>,
  body?: string | Uint8Array,
]

/** By method and target, how an answer differs from that of `node:http`. */
export type Differences = Readonly<Record<string, Difference>>

export function multipart(parts: readonly (readonly [name: string, filename: string | null, content: string])[]): {
  readonly fields: Readonly<Record<string, string>>
  readonly body: string
} {
  const boundary = 'boundary-of-the-test'
  let body = ''
  for (const [name, filename, content] of parts) {
    const file = filename === null ? '' : `; filename="${filename}"\r\nContent-Type: image/jpeg`
    body += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${content}\r\n`
  }
  return { fields: { 'Content-Type': `multipart/form-data; boundary=${boundary}` }, body: `${body}--${boundary}--\r\n` }
}
