/**
 * A claim on an address among TSGI servers.
 *
 * From binding to the first worker's `listen` an address looks free: two servers started in the same moment would both
 * bind it (SO_REUSEPORT) and share its connections, and a unix socket nobody listens on yet looks stale. A name in Linux's
 * abstract namespace can be bound once, and is freed by the system whatever becomes of its owner. Elsewhere there is no
 * claim; there SO_REUSEPORT is not used either, and the second server fails when it, or its first worker, listens.
 *
 * Anybody on the machine can bind such a name, and the system does not say who has. So a name counts only where a process
 * holds it that could be a server of this address: one of this user, or of one that may replace the socket's file. (Only
 * processes of one user can share a port.) A name that anybody else holds is passed over for the next.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ListenTarget } from '@tsgi/spec/server'
import { absolutePath, isAbstract } from './address.ts'
import { cannotListen } from './bind-error.ts'
import { bindSocket } from './bound-socket.ts'

type Bindable = Exclude<ListenTarget, { readonly fd: number }>

/** Names that are tried. Who binds them all keeps two starts at once from seeing each other, and nothing more. */
const NAMES = 16

/**
 * Opens with a claim on the address, which ends where that fails, or by `release`. Node 22 has no `using`.
 *
 * @throws ServeError `TSGI_ERR_BIND` where another server has the claim
 */
export async function claiming<Opened>(
  target: Bindable,
  open: (release: () => void) => Promise<Opened>,
): Promise<Opened> {
  const claim = isOneOfMany(target) ? null : reserve(target)
  const release = (): void => claim?.[Symbol.dispose]()
  try {
    return await open(release)
  } catch (error) {
    release()
    throw error
  }
}

/** A free port is another one for everybody; an abstract name can be bound once, which is a claim in itself. */
const isOneOfMany = (target: Bindable): boolean => ('path' in target ? isAbstract(target.path) : target.port === 0)

/** @throws ServeError `TSGI_ERR_BIND` where another server has the claim */
function reserve(target: Bindable): Disposable | null {
  if (process.platform !== 'linux') return null
  const rivals = rivalsFor(target)
  for (let tries = 0, number = 0; tries < 2 * NAMES && number < NAMES; tries++) {
    const name = claimName(target, number)
    try {
      return bindSocket({ path: `\0${name}` })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return null
      const inode = inodeOfName(name)
      // It was given up meanwhile.
      if (inode === null) continue
      if (!isHeldBy(rivals, inode)) {
        number++
        continue
      }
      throw cannotListen(
        target,
        'another TSGI server has it, or is just starting there. Stop that one, or choose another address.',
        error,
      )
    }
  }
  return null
}

/** In the abstract namespace, without the zero byte that marks it. */
export function claimName(target: Bindable, number: number): string {
  const claim = number === 0 ? claimOf(target) : `${claimOf(target)} ${number}`
  return `tsgi-${createHash('sha256').update(claim).digest('hex').slice(0, 32)}`
}

function claimOf(target: Bindable): string {
  if (!('path' in target)) return `tcp ${target.host} ${target.port}`
  // Containers may share the namespace of names, yet not of files: the folder itself tells them apart.
  const path = absolutePath(target.path)
  const { dev, ino } = statSync(dirname(path), { throwIfNoEntry: false }) ?? { dev: 0, ino: 0 }
  return `unix ${dev} ${ino} ${path}`
}

/** Users whose processes may be servers of this address. */
function rivalsFor(target: Bindable): ReadonlySet<number> {
  const rivals = new Set([process.geteuid?.() ?? -1])
  if ('path' in target) {
    const folder = statSync(dirname(absolutePath(target.path)), { throwIfNoEntry: false })
    if (folder !== undefined) rivals.add(folder.uid).add(0)
  }
  return rivals
}

/** Whether a process of one of the users has that socket open, as far as this process may see. */
function isHeldBy(users: ReadonlySet<number>, inode: string): boolean {
  const socket = `socket:[${inode}]`
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    try {
      if (!users.has(statSync(`/proc/${pid}`).uid)) continue
      for (const fd of readdirSync(`/proc/${pid}/fd`)) if (readlink(`/proc/${pid}/fd/${fd}`) === socket) return true
    } catch {
      // It has ended, or is none of ours to look into.
    }
  }
  return false
}

/** `null` where nothing has the name. */
function inodeOfName(name: string): string | null {
  const line = readFileSync('/proc/net/unix', 'latin1')
    .split('\n')
    .find((line) => line.endsWith(` @${name}`))
  return line?.trim().split(/\s+/)[6] ?? null
}

function readlink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
