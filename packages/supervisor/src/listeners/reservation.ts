/**
 * A claim on an address among supervisors.
 *
 * From binding to the first worker's `listen` an address looks free: two supervisors started in the same moment would both
 * bind it (SO_REUSEPORT) and share its connections, and a unix socket nobody listens on yet looks stale. A name in Linux's
 * abstract namespace can be bound once, and is freed by the system whatever becomes of its owner. Elsewhere there is no
 * claim; there SO_REUSEPORT is not used either, and the second supervisor fails when its first worker listens.
 */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type ListenTarget, ServeError } from '@tsgi/spec/server'
import { targetName } from './address.ts'
import { bindSocket } from './bound-socket.ts'

/** @throws ServeError `TSGI_ERR_BIND` where another supervisor has the claim */
export function reserve(target: Exclude<ListenTarget, { readonly fd: number }>): Disposable | null {
  if (process.platform !== 'linux') return null
  try {
    return bindSocket({ path: `\0tsgi-${createHash('sha256').update(claimOf(target)).digest('hex').slice(0, 32)}` })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return null
    throw new ServeError(
      'TSGI_ERR_BIND',
      `cannot listen on ${targetName(target)}: another TSGI server has it, or is just starting there. Stop that one, or choose another address.`,
      error,
    )
  }
}

function claimOf(target: Exclude<ListenTarget, { readonly fd: number }>): string {
  if (!('path' in target)) return `tcp ${target.host} ${target.port}`
  // Containers may share the namespace of names, yet not of files: the folder itself tells them apart.
  const path = resolve(target.path)
  const { dev, ino } = statSync(dirname(path), { throwIfNoEntry: false }) ?? { dev: 0, ino: 0 }
  return `unix ${dev} ${ino} ${path}`
}
