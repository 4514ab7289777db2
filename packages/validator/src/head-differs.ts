import { headers } from '@tsgi/spec'
import type { InProcessAnswer } from './in-process-request.ts'

/**
 * How the answer to HEAD differs from that to GET (L.5), or `null`. What two GETs do not agree on, such as a time, says
 * nothing; a `content-length` may be missing, since it may take the body to know it (RFC 9110 §9.3.2).
 */
export function headDiffers(get: InProcessAnswer, head: InProcessAnswer, again: InProcessAnswer): string | null {
  if (get.status !== again.status || get.error !== null || head.error !== null) return null
  if (head.status !== get.status) return `HEAD was answered with ${head.status}, GET with ${get.status}`
  const names = new Set([...namesOf(get), ...namesOf(head)])
  for (const name of names) {
    const expected = valuesOf(get, name)
    if (expected !== valuesOf(again, name)) continue
    const came = valuesOf(head, name)
    if (came === expected || (name === 'content-length' && came === '')) continue
    return `HEAD was answered with ${name}: ${came || 'nothing'}, GET with ${expected || 'nothing'}`
  }
  return null
}

const namesOf = (answer: InProcessAnswer): string[] => answer.headers.filter((_, i) => i % 2 === 0)

const valuesOf = (answer: InProcessAnswer, name: string): string => headers(answer, name).join(', ')
