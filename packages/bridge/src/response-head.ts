/** The head of a worker's response: `200 OK\0name\0value\0…`. */
import type { HeaderList } from '@tsgi/spec'

export interface ResponseHead {
  readonly status: number
  readonly headers: HeaderList
}

let lastText = ''
let lastHead: ResponseHead = { status: 0, headers: [] }

/** Reads a head. Applications repeat themselves, so the last one is remembered. */
export function readHead(text: string): ResponseHead {
  if (text === lastText) return lastHead
  const words = text.split('\0')
  const status = Number.parseInt(words[0] as string, 10)
  const headers: string[] = []
  for (let i = 1; i + 1 < words.length; i += 2) {
    const name = lowerCase(words[i] as string)
    const value = (words[i + 1] as string).trim()
    // The connection is the server's (SPEC H.6). PEP 3333 and Rack forbid these as well, but applications send them.
    if (HOP_BY_HOP.has(name) && !(name === 'connection' && value.toLowerCase() === 'close')) continue
    // RFC 9110 §8.6. Django's CommonMiddleware sends it.
    if (status === 204 && name === 'content-length') continue
    headers.push(name, value)
  }
  lastText = text
  lastHead = { status, headers }
  return lastHead
}

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

const LOWER = new Map<string, string>()
const MAX_NAMES = 1024

function lowerCase(name: string): string {
  let lower = LOWER.get(name)
  if (lower === undefined) {
    lower = name.toLowerCase()
    if (LOWER.size < MAX_NAMES) LOWER.set(name, lower)
  }
  return lower
}
