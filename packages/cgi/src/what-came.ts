/** What the other end seems to speak, by its first bytes, for the one line of the log. */

/** @returns such as `plain HTTP ("GET / HT")` or `bytes 80 00 01` */
export function whatCame(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, 8)).toString('latin1')
  if (/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE|PRI) /.test(text))
    return `plain HTTP (${JSON.stringify(text)})`
  if (bytes[0] === 0x16 && bytes[1] === 0x03) return 'TLS'
  if (text.startsWith('PROXY ') || text === '\r\n\r\n\0\r\nQ') return 'a header of the PROXY protocol'
  if (bytes[0] === 1 && (bytes[1] === 1 || bytes[1] === 9)) return 'FastCGI'
  if (bytes[0] === 0 && bytes[3] === 0) return 'a uwsgi packet'
  return `bytes ${Buffer.from(bytes.subarray(0, 8))
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1 ')}`
}
