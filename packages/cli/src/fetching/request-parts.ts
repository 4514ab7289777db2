/** The request that the flags of `tsgi fetch` describe. */
import { createReadStream, statSync, type Stats } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import type { RequestFlags } from '../commands/fetch.ts'
import { UsageError } from '../usage-error.ts'
import { version } from '../version.ts'

export interface RequestParts {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** Flat list of names and values, as on the wire. */
  readonly headers: readonly string[]
  readonly body: Readable | null
}

/**
 * @param target `/path?query`, or a whole URL, whose host goes into the Host field
 * @throws UsageError
 */
export function requestParts(target: string, flags: RequestFlags, cwd: string): RequestParts {
  const { path, host } = splitTarget(target)
  const given = (flags.header ?? []).map(readField)
  const data = flags.data === undefined ? null : readData(flags.data, cwd)
  const has = (name: string) => given.some(([field]) => field.toLowerCase() === name)

  const headers = [
    ...(has('host') ? [] : ['host', host]),
    ...(has('user-agent') ? [] : ['user-agent', `tsgi/${version}`]),
    ...(has('accept') ? [] : ['accept', '*/*']),
    ...given.flat(),
  ]
  if (data !== null) {
    // As curl does: what forms send, unless it is said to be something else.
    if (!has('content-type')) headers.push('content-type', 'application/x-www-form-urlencoded')
    if (data.length === null) headers.push('transfer-encoding', 'chunked')
    else if (!has('content-length')) headers.push('content-length', String(data.length))
  }
  headers.push('connection', 'close')
  if (flags.request !== undefined && !TOKEN.test(flags.request))
    throw new UsageError([`--request ${flags.request}: expected a method such as GET or POST, in one word.`])
  return {
    method: flags.request ?? (data === null ? 'GET' : 'POST'),
    target: path,
    headers,
    body: data?.stream ?? null,
  }
}

/** A method, or the name of a field (RFC 9110 §5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/

/** What Node writes as a path or as a field value; it throws at anything else. */
const PATH = /^[\x21-\xff]*$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

function splitTarget(target: string): { path: string; host: string } {
  if (!PATH.test(target))
    throw new UsageError([`The path ${target}: expected one without spaces, written as a URL: ${encodeURI(target)}`])
  const [, host, path] = /^https?:\/\/([^/?#]+)(.*)$/is.exec(target) ?? []
  if (host !== undefined) return { path: path === '' ? '/' : (path as string), host }
  if (/^[/*]/.test(target)) return { path: target, host: 'localhost' }
  throw new UsageError([`The path ${target}: expected one that begins with a slash, or a whole URL.`])
}

function readField(text: string): readonly [name: string, value: string] {
  const colon = text.indexOf(':')
  const name = text.slice(0, colon)
  const value = text.slice(colon + 1).trim()
  if (colon === -1 || !TOKEN.test(name) || !VALUE.test(value)) {
    throw new UsageError([`--header ${text}: expected a field such as 'accept: text/html'.`])
  }
  return [name, value]
}

interface Data {
  readonly stream: Readable
  /** `null` where it is not known before the end. */
  readonly length: number | null
}

function readData(text: string, cwd: string): Data {
  if (!text.startsWith('@')) {
    const bytes = Buffer.from(text)
    return { stream: Readable.from([bytes], { objectMode: false }), length: bytes.length }
  }
  if (text === '@-') return { stream: process.stdin, length: null }
  const file = resolve(cwd, text.slice(1))
  let found: Stats
  try {
    found = statSync(file)
  } catch (error) {
    throw new UsageError(
      [
        `--data ${text}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error)}.`,
      ],
      error,
    )
  }
  if (found.isDirectory()) throw new UsageError([`--data ${text}: that is a folder.`])
  return { stream: createReadStream(file), length: found.isFile() ? found.size : null }
}
