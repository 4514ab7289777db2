/** How many descriptors this process may have open: RLIMIT_NOFILE. */
import { readFileSync } from 'node:fs'

/** Where the system does not tell: what most systems allow at least. */
const FALLBACK = 10_240

export function descriptorLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
    if (soft === undefined) return FALLBACK
    return soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(soft)
  } catch {
    return FALLBACK
  }
}
