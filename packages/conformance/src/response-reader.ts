/**
 * Responses read as strictly as RFC 9112 allows: what a lenient client would forgive is what a kit is to find.
 * Reads from bytes that it asks for; knows no socket.
 */
import { Mismatch, show } from './mismatch.ts'
import { visible } from './transcript.ts'

export interface WireResponse {
  readonly version: string
  readonly status: number
  readonly reason: string
  /** As sent, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  /** Borders of the chunked coding; meaningless, but a failure is easier to read with them. */
  readonly chunks: readonly number[]
  readonly trailers: readonly (readonly [name: string, value: string])[]
  /** 1xx answers that came before. */
  readonly interim: readonly WireResponse[]
  readonly framing: 'none' | 'length' | 'chunked' | 'close'
  /** Value of the first field of that name, in any case. */
  field(name: string): string | undefined
  all(name: string): string[]
  readonly text: string
}

/** Where bytes come from. `more` resolves to false once there will be none. */
export interface ByteSource {
  readonly buffered: Buffer
  /** Of what is buffered. */
  readonly size: number
  take(size: number): Buffer
  more(purpose: string): Promise<boolean>
  /** The end was a reset, not an orderly one. */
  readonly broken: boolean
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// oxlint-disable-next-line no-control-regex
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const STATUS_LINE = /^(HTTP\/1\.[01]) ([1-5]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/

/** The next final response; interim ones before it are kept in it. */
export async function readResponse(source: ByteSource, method: string): Promise<WireResponse> {
  const interim: WireResponse[] = []
  for (;;) {
    const head = await readHead(source)
    if (head.status >= 200 || head.status === 101) return await readBody(source, head, method, interim)
    if (head.fields.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))) {
      throw new Mismatch(`no framing fields in a ${head.status}`, show(head.fields), 'RFC 9110 §8.6')
    }
    interim.push(response(head, { interim: [], framing: 'none' }))
  }
}

/** The next head alone, interim or final: for who wants to see that a 100 came by itself. */
export async function readInterim(source: ByteSource): Promise<WireResponse> {
  return response(await readHead(source), { interim: [], framing: 'none' })
}

interface Head {
  readonly version: string
  readonly status: number
  readonly reason: string
  readonly fields: readonly (readonly [string, string])[]
}

async function readHead(source: ByteSource): Promise<Head> {
  const lines: string[] = []
  if (source.size === 0) await source.more('a response')
  // Told before its line end is looked at: it is what is left of the response before.
  if (!beginsStatusLine(source.buffered)) {
    throw new Mismatch('a response to begin', visible(source.buffered.subarray(0, 100)).join(' '), 'RFC 9112 §4')
  }
  for (;;) {
    const line = await readLine(source, lines.length === 0 ? 'a response' : 'the rest of the head')
    if (line === '') break
    lines.push(line)
  }
  const statusLine = STATUS_LINE.exec(lines[0] ?? '')
  if (statusLine === null) {
    throw new Mismatch('a status line such as "HTTP/1.1 200 OK"', show(lines[0] ?? ''), 'RFC 9112 §4')
  }
  return {
    version: statusLine[1] as string,
    status: Number(statusLine[2]),
    reason: statusLine[3] ?? '',
    fields: lines.slice(1).map(fieldOf),
  }
}

function beginsStatusLine(bytes: Buffer): boolean {
  const start = 'HTTP/1.'
  return start.startsWith(bytes.toString('latin1', 0, start.length))
}

/** Blanks only: `trim` would take a no-break space as well, which belongs to the value. */
function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (text[start] === ' ' || text[start] === '\t') start += 1
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1
  return text.slice(start, end)
}

function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  const name = line.slice(0, colon)
  const value = trimBlanks(line.slice(colon + 1))
  if (colon < 0 || !TOKEN.test(name) || !VALUE.test(value)) {
    throw new Mismatch('a field line, "name: value"', show(line), 'RFC 9112 §5')
  }
  return [name, value]
}

async function readLine(source: ByteSource, purpose: string): Promise<string> {
  for (;;) {
    const end = source.buffered.indexOf(0x0a)
    if (end >= 0) {
      const line = source.take(end + 1).toString('latin1')
      if (!line.endsWith('\r\n') || line.indexOf('\r') !== line.length - 2) {
        throw new Mismatch('lines that end in CRLF', visible(Buffer.from(line, 'latin1')).join(''), 'RFC 9112 §2.2')
      }
      return line.slice(0, -2)
    }
    if (!(await source.more(purpose))) {
      const rest = source.size === 0 ? 'no byte more' : show(source.buffered)
      throw new Mismatch(purpose, `${source.broken ? 'a reset connection' : 'the end of the connection'}, ${rest}`)
    }
  }
}

async function readBody(
  source: ByteSource,
  head: Head,
  method: string,
  interim: readonly WireResponse[],
): Promise<WireResponse> {
  const values = (name: string): string[] =>
    head.fields.filter(([n]) => n.toLowerCase() === name).map(([, value]) => value)
  const codings = values('transfer-encoding')
  const lengths = values('content-length')
  if (codings.length > 0 && lengths.length > 0) {
    throw new Mismatch('one framing', 'both Transfer-Encoding and Content-Length', 'RFC 9112 §6.2')
  }
  if (codings.length > 1 || lengths.length > 1 || (lengths[0] !== undefined && !/^(0|[1-9]\d*)$/.test(lengths[0]))) {
    throw new Mismatch('one framing field with one number', show([...codings, ...lengths]), 'RFC 9112 §6.3')
  }
  if ((head.status === 204 || head.status === 101) && codings.length + lengths.length > 0) {
    throw new Mismatch(`no framing fields in a ${head.status}`, show(head.fields), 'RFC 9110 §8.6')
  }
  if (method === 'HEAD' || head.status === 101 || head.status === 204 || head.status === 304) {
    return response(head, { interim, framing: 'none' })
  }
  if (codings.length > 0) return await readChunks(source, head, codings[0] as string, interim)
  if (lengths.length > 0) {
    const length = Number(lengths[0])
    return response(head, {
      interim,
      framing: 'length',
      body: await readExactly(source, length, `${length} bytes of body`),
    })
  }
  while (await source.more('the end of a body that is framed by the end of the connection')) continue
  if (source.broken) throw new Mismatch('a body that ends with an orderly close', 'a reset connection')
  return response(head, { interim, framing: 'close', body: source.take(source.size) })
}

async function readChunks(
  source: ByteSource,
  head: Head,
  coding: string,
  interim: readonly WireResponse[],
): Promise<WireResponse> {
  if (coding.toLowerCase() !== 'chunked' || head.version === 'HTTP/1.0') {
    throw new Mismatch('the chunked coding, in HTTP/1.1', `${coding}, in ${head.version}`, 'RFC 9112 §6.1')
  }
  const parts: Buffer[] = []
  for (;;) {
    const line = await readLine(source, 'a chunk, or the last one')
    const size = /^[0-9A-Fa-f]+$/.test(line) ? Number.parseInt(line, 16) : -1
    if (size < 0) throw new Mismatch("a chunk's size in hexadecimal", show(line), 'RFC 9112 §7.1')
    if (size === 0) break
    parts.push(await readExactly(source, size, `a chunk of ${size} bytes`))
    const end = await readExactly(source, 2, "the end of a chunk's line")
    if (end.toString('latin1') !== '\r\n') throw new Mismatch('CRLF after a chunk', show(end), 'RFC 9112 §7.1')
  }
  const trailers: (readonly [string, string])[] = []
  for (;;) {
    const line = await readLine(source, 'the end of the trailers')
    if (line === '') break
    trailers.push(fieldOf(line))
  }
  const chunks = parts.map((part) => part.length)
  return response(head, { interim, framing: 'chunked', body: Buffer.concat(parts), chunks, trailers })
}

async function readExactly(source: ByteSource, size: number, purpose: string): Promise<Buffer> {
  while (source.size < size) {
    if (!(await source.more(purpose))) {
      const end = source.broken ? 'a reset' : 'the end of the connection'
      throw new Mismatch(purpose, `${end} after ${source.size} bytes of it`, 'RFC 9112 §8')
    }
  }
  return source.take(size)
}

type Rest = Pick<WireResponse, 'interim' | 'framing'> & Partial<Pick<WireResponse, 'body' | 'chunks' | 'trailers'>>

function response(head: Head, rest: Rest): WireResponse {
  const { body = Buffer.alloc(0), chunks = [], trailers = [] } = rest
  const all = (name: string): string[] =>
    head.fields.filter(([n]) => n.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  return {
    ...head,
    ...rest,
    body,
    chunks,
    trailers,
    all,
    field: (name) => all(name)[0],
    get text() {
      return body.toString('utf8')
    },
  }
}
