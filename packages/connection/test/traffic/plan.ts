/** One request and what becomes of it: drawn at random, and its answer known beforehand. */
import type { Random } from './random.ts'
import { type Timing, TIMINGS } from './timing.ts'

/** The server's `drainLimit`: some unread bodies must be longer. */
export const DRAIN_LIMIT = 4096

export interface Plan {
  readonly id: string
  readonly method: string
  readonly framing: 'none' | 'counted' | 'chunked'
  readonly bodySize: number
  readonly expect: boolean
  readonly close: boolean
  readonly reads: 'nothing' | 'some' | 'all'
  readonly before: Timing
  readonly between: Timing
  readonly responds: 'null' | 'text' | 'bytes' | 'array' | 'sync' | 'async' | 'push' | 'error' | 'echo'
  readonly size: number
}

/** Bytes that only this id has. */
export const content = (id: string, size: number): Buffer => Buffer.alloc(size, `${id};`)

export function makePlan(id: string, random: Random, last: boolean): Plan {
  const framing = random.pick(['none', 'none', 'counted', 'counted', 'chunked'] as const)
  const bodySize = framing === 'none' ? 0 : random.pick([0, 1, 10, 300, 3000, 3000, 70_000, 300_000])
  const responds = random.pick([
    'null',
    'text',
    'text',
    'bytes',
    'array',
    'sync',
    'async',
    'push',
    'error',
    'echo',
  ] as const)
  return {
    id,
    method: framing === 'none' ? random.pick(['GET', 'GET', 'HEAD', 'DELETE']) : 'POST',
    framing,
    bodySize,
    // An echo begins its response before it reads, and after that no 100 can come.
    expect: bodySize > 0 && responds !== 'echo' && random.chance(0.15),
    close: last && random.chance(0.3),
    reads: random.pick(['nothing', 'some', 'all', 'all', 'all', 'all']),
    before: random.pick(TIMINGS),
    between: random.pick(TIMINGS),
    responds,
    size: random.pick([0, 1, 100, 5000, 5000, 100_000, random.chance(0.1) ? 4_000_000 : 40_000]),
  }
}

/** What it must be answered with. */
export function expected(plan: Plan): { readonly status: number; readonly body: Buffer } {
  if (plan.responds === 'error') {
    return { status: 500, body: Buffer.from(plan.method === 'HEAD' ? '' : '500 Internal Server Error\n') }
  }
  if (plan.method === 'HEAD' || plan.responds === 'null') return { status: 200, body: Buffer.alloc(0) }
  const bytes = content(plan.id, plan.size)
  return { status: 200, body: plan.responds === 'echo' ? Buffer.concat([Buffer.from('echo'), bytes]) : bytes }
}

/** Whether the server may close after it without having said so: what was not read is too long to be thrown away. */
export const mayClose = (plan: Plan): boolean =>
  plan.bodySize > DRAIN_LIMIT && plan.responds !== 'echo' && (plan.reads !== 'all' || plan.responds === 'error')

export function headOf(plan: Plan): string {
  const fields = [`${plan.method} /${plan.id} HTTP/1.1`, 'Host: a']
  if (plan.framing === 'counted') fields.push(`Content-Length: ${plan.bodySize}`)
  if (plan.framing === 'chunked') fields.push('Transfer-Encoding: chunked')
  if (plan.expect) fields.push('Expect: 100-continue')
  if (plan.close) fields.push('Connection: close')
  return `${fields.join('\r\n')}\r\n\r\n`
}

export function bodyOf(plan: Plan, random: Random): Buffer {
  const bytes = content(plan.id, plan.bodySize)
  if (plan.framing !== 'chunked') return bytes
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + 1 + random.below(random.pick([10, 1000, 100_000])))
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'))
    at += piece.length
  }
  parts.push(Buffer.from('0\r\n\r\n'))
  return Buffer.concat(parts)
}
