/** What is asked of the servers, after the families of requests that people know from other comparisons. */
import { crc32 } from 'node:zlib'
import {
  fileContent,
  FORTUNES,
  GREETING,
  ROUTES,
  seededNumber,
  STREAM_CHUNKS,
  streamChunk,
  withAdded,
  type FileName,
} from '../data/content.ts'
import { integerBelow, type Random } from '../random.ts'
import { expectBody, expectHead, expectJson, isWorld } from './checks.ts'
import type { Answer, BenchRequest, Workload } from './workload.ts'

const ROWS = 20
const UPLOAD_SIZE = 1024 * 1024
/** Of each 16, so that one packet carries them. */
const PIPELINE = 16

const plaintext = (): BenchRequest => ({
  method: 'GET',
  target: '/plaintext',
  check: (answer) => expectBody(answer, GREETING, 'text/plain'),
})

const json = (): BenchRequest => ({
  method: 'GET',
  target: '/json',
  check: (answer) =>
    expectJson(
      answer,
      (value) => JSON.stringify(value) === JSON.stringify({ message: GREETING }),
      JSON.stringify({ message: GREETING }),
    ),
})

/** Letters that must be escaped in a path among them. */
const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz0123456789-_.~ äß語']

function parameter(random: Random): BenchRequest {
  const route = integerBelow(random, ROUTES)
  const letters = Array.from({ length: 12 }, () => ALPHABET[integerBelow(random, ALPHABET.length)])
  // Neither `.` nor `..` alone, which clients would resolve.
  const id = `x${letters.join('')}`
  return {
    method: 'GET',
    target: `/r${route}/${encodeURIComponent(id)}`,
    check: (answer) => expectBody(answer, `r${route}:${id}`),
  }
}

const isSeeded = (value: unknown): boolean => isWorld(value) && value.randomNumber === seededNumber(value.id)

const query = (): BenchRequest => ({
  method: 'GET',
  target: '/db',
  check: (answer) => expectJson(answer, isSeeded, 'a row as it was seeded'),
})

function queries(random: Random): BenchRequest {
  return {
    method: 'GET',
    target: `/queries?queries=${ROWS}&salt=${integerBelow(random, 1e6)}`,
    check: (answer) =>
      expectJson(
        answer,
        (value) => Array.isArray(value) && value.length === ROWS && value.every(isSeeded),
        `${ROWS} rows as they were seeded`,
      ),
  }
}

function updates(random: Random): BenchRequest {
  return {
    method: 'GET',
    target: `/updates?queries=${ROWS}&salt=${integerBelow(random, 1e6)}`,
    check: (answer) =>
      expectJson(
        answer,
        (value) => Array.isArray(value) && value.length === ROWS && value.every(isWorld),
        `${ROWS} rows with numbers in their range`,
      ),
  }
}

const fortunes = (): BenchRequest => ({ method: 'GET', target: '/fortunes', check: checkFortunes })

const EXPECTED_ROWS = withAdded(FORTUNES).map(({ id, message }) => `${id} ${message}`)
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescaped = (markup: string): string =>
  markup.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? all
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal))
  })

/** Frameworks escape differently; what a browser would show must be the same. */
function checkFortunes(answer: Answer): string | null {
  const wrong = expectHead(answer, 'text/html')
  if (wrong !== null) return wrong
  const markup = answer.body.toString()
  const rows = [...markup.matchAll(/<tr><td>(\d+)<\/td><td>([^<>]*)<\/td><\/tr>/g)].map(
    ([, id, message = '']) => `${id} ${unescaped(message)}`,
  )
  const at = EXPECTED_ROWS.findIndex((row, index) => row !== rows[index])
  if (at === -1 && rows.length === EXPECTED_ROWS.length) return null
  return `expected ${EXPECTED_ROWS.length} rows, escaped and sorted by message; row ${at + 1} is ${JSON.stringify(rows[at] ?? null)}`
}

function file(name: FileName): () => BenchRequest {
  let content: Buffer | undefined
  return () => ({
    method: 'GET',
    target: `/files/${name}`,
    check: (answer) => expectBody(answer, (content ??= fileContent(name))),
  })
}

function upload(random: Random): BenchRequest {
  const piece = Buffer.from(Uint32Array.from({ length: 1024 }, () => random() * 2 ** 32).buffer)
  const body = Buffer.alloc(UPLOAD_SIZE, piece)
  return {
    method: 'POST',
    target: '/upload',
    headers: [
      ['content-type', 'application/octet-stream'],
      ['content-length', String(body.length)],
    ],
    body,
    check: (answer) => expectJson(answer, isReceived(body), `{"bytes":${UPLOAD_SIZE}} and the right checksum if any`),
  }
}

const isReceived =
  (body: Buffer) =>
  (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false
    const { bytes, crc } = value as { bytes?: unknown; crc?: unknown }
    return bytes === body.length && (crc === undefined || crc === crc32(body))
  }

const STREAMED = Array.from({ length: STREAM_CHUNKS }, (_, at) => streamChunk(at)).join('')

const stream = (): BenchRequest => ({
  method: 'GET',
  target: '/stream',
  check: (answer) => expectBody(answer, STREAMED),
})

export const WORKLOADS: readonly Workload[] = [
  { name: 'plaintext', title: 'Plain text', request: plaintext, plainServers: true },
  { name: 'pipelined', title: `Plain text, ${PIPELINE} in one write`, request: plaintext, pipeline: PIPELINE },
  { name: 'json', title: 'JSON', request: json },
  { name: 'parameter', title: `Path parameter, ${ROUTES} routes`, request: parameter },
  { name: 'query', title: 'One row of a database', request: query, database: true },
  { name: 'queries', title: `${ROWS} rows of a database`, request: queries, database: true },
  { name: 'updates', title: `${ROWS} rows updated`, request: updates, database: true },
  { name: 'fortunes', title: 'Template with rows of a database', request: fortunes, database: true },
  { name: 'file-1k', title: 'Static file of 1 KB', request: file('1k.bin'), plainServers: true },
  { name: 'file-100k', title: 'Static file of 100 KB', request: file('100k.bin'), plainServers: true },
  { name: 'file-10m', title: 'Static file of 10 MB', request: file('10m.bin'), plainServers: true, mostConnections: 4 },
  { name: 'upload', title: 'Upload of 1 MB', request: upload, mostConnections: 8 },
  { name: 'stream', title: `Streamed, ${STREAM_CHUNKS} chunks`, request: stream },
  {
    name: 'new-connection',
    title: 'A new connection for each request',
    request: plaintext,
    newConnections: true,
    plainServers: true,
  },
  { name: 'idle', title: 'Idle connections', request: plaintext, idle: true, plainServers: true },
]

/** How many connections a workload is asked over. */
export const connectionsOf = ({ mostConnections = Infinity }: Workload, chosen: number): number =>
  Math.min(chosen, mostConnections)

/** For an application of the user's: one target, whose answer must stay as it was when the run began. */
export function ownTarget(target: string): Workload {
  let first: Answer | undefined
  return {
    name: target,
    title: `GET ${target}`,
    request: () => ({
      method: 'GET',
      target,
      check(answer) {
        if (answer.status >= 400) return `expected a status below 400 for ${target}; came ${answer.status}`
        first ??= answer
        return first.status === answer.status
          ? null
          : `expected ${first.status} for ${target}, as at first; came ${answer.status}`
      },
    }),
  }
}

/** By name; one that begins with `/` is a target of the user's application. */
export function workloadOf(name: string): Workload | undefined {
  if (name.startsWith(CLOSE)) return closing(ownTarget(name.slice(CLOSE.length)))
  return name.startsWith('/') ? ownTarget(name) : WORKLOADS.find((workload) => workload.name === name)
}

/** Before a path: each request has a connection to itself, as servers without keep-alive have it. */
const CLOSE = 'close:'

const closing = (workload: Workload): Workload => ({
  ...workload,
  name: CLOSE + workload.name,
  title: `${workload.title}, a connection each`,
  newConnections: true,
})

/** Whether it asks a path, of an application of the user's. */
export const isOfOwnApp = ({ name }: Workload): boolean => name.startsWith('/') || name.startsWith(CLOSE)
