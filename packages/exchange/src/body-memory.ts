/**
 * Memory that bodies pass through, kept from piling up.
 *
 * A piece of a request's body is the application's to keep, so its memory is always new, and mostly it is dropped at once; the
 * same goes for what many applications send. The engine counts such memory, which is outside its heap, only roughly: it waits
 * for dozens of megabytes of dropped pieces and then marks the whole heap. So after each few megabytes that passed, and only if
 * memory has grown meanwhile, the young are collected, which takes less than a millisecond (`decisions/0002` of
 * @tsgi/connection has the figures).
 */
import type { Bytes } from '@tsgi/spec'

/** Bytes that may pass between two looks. */
const ALLOWANCE = 4 * 1024 * 1024
/** Growth since the last look that is worth a collection: where buffers are used again, there is none. */
const GROWTH = 1024 * 1024

let passed = 0
/** Memory outside the heap, when it was looked at last. */
let size = 0
let collectYoung: (() => void) | null = null
/** Loaded when bodies have passed: for a process that serves one small request it is 2 % of its start. */
let v8: typeof import('node:v8') | null = null

/** A copy with memory of its own. */
export function ownCopy(bytes: Uint8Array): Bytes {
  bytesPassed(bytes.length)
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  copy.set(bytes)
  return copy
}

/** Bytes of a body came or went that may be garbage soon. */
export function bytesPassed(count: number): void {
  passed += count
  if (passed < ALLOWANCE) return
  passed = 0
  v8 ??= process.getBuiltinModule('node:v8')
  const now = v8.getHeapStatistics().external_memory
  if (now - size < GROWTH) {
    size = Math.min(size, now)
    return
  }
  collectYoung ??= findCollector(v8)
  collectYoung()
  size = v8.getHeapStatistics().external_memory
}

/** The engine's own, which it shows to contexts that are made while a flag is set. Where there is none, nothing is collected. */
function findCollector({ setFlagsFromString }: typeof import('node:v8')): () => void {
  try {
    setFlagsFromString('--expose-gc')
    const collect: unknown = process.getBuiltinModule('node:vm').runInNewContext('gc')
    if (typeof collect !== 'function') return () => {}
    const minor = Object.freeze({ type: 'minor' })
    return () => collect(minor)
  } catch {
    return () => {}
  } finally {
    setFlagsFromString('--no-expose-gc')
  }
}
