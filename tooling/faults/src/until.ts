/** Waiting for what has no event: looks again and again, and says what it waited for. */
import { setTimeout as sleep } from 'node:timers/promises'

/** @throws when `check` gives nothing for `limit` milliseconds */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  limit = 30_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + limit
  for (;;) {
    const found = await check()
    if (found !== false && found !== null && found !== undefined) return found as Exclude<T, false | null | undefined>
    if (performance.now() > end) throw new Error(`waited ${limit} ms for this: ${what}`)
    await sleep(5)
  }
}
