/** The user and group that workers run as. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { ServeError } from '@tsgi/spec/server'

export interface Identity {
  readonly uid: number
  readonly gid: number
}

/**
 * Numbers for names, checked before anything is started. Without a group it is the user's own. Workers keep no other groups.
 *
 * @throws ServeError `TSGI_ERR_OPTION` where there is no such user or group, or this process may not take it
 */
export function resolveIdentity(
  user: string | number | undefined,
  group: string | number | undefined,
): Identity | null {
  if (user === undefined && group === undefined) return null
  const { geteuid, getegid } = process
  if (geteuid === undefined || getegid === undefined) {
    throw new ServeError(
      'TSGI_ERR_OPTION',
      '--user and --group need a system with users and groups; this one has none.',
    )
  }
  const own = { uid: geteuid(), gid: getegid() }
  const uid = user === undefined ? own.uid : userId(user)
  const gid = group !== undefined ? groupId(group) : user === undefined ? own.gid : primaryGroup(user)
  if (own.uid !== 0 && (uid !== own.uid || gid !== own.gid)) {
    throw new ServeError(
      'TSGI_ERR_OPTION',
      `cannot run as user ${user ?? uid}, group ${group ?? gid}: only root may become somebody else. Start as root, or leave --user and --group out.`,
    )
  }
  return { uid, gid }
}

function userId(user: string | number): number {
  const id = isNumber(user) ? Number(user) : idOf(['-u', user])
  if (id === null) throw new ServeError('TSGI_ERR_OPTION', `--user ${user}: there is no such user.`)
  return id
}

function primaryGroup(user: string | number): number {
  const id = idOf(['-g', String(user)])
  if (id === null) {
    throw new ServeError('TSGI_ERR_OPTION', `--user ${user}: its group is unknown. Name one with --group.`)
  }
  return id
}

function groupId(group: string | number): number {
  const id = isNumber(group) ? Number(group) : groupByName(group)
  if (id === null) throw new ServeError('TSGI_ERR_OPTION', `--group ${group}: there is no such group.`)
  return id
}

const isNumber = (name: string | number): name is number => /^\d+$/.test(String(name))

function idOf(args: readonly string[]): number | null {
  try {
    // `--` keeps a name that begins with a dash from being an option.
    const [option, name] = args as [string, string]
    return Number(execFileSync('id', [option, '--', name], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }))
  } catch {
    return null
  }
}

function groupByName(name: string): number | null {
  const entry = (line: string): boolean => line.startsWith(`${name}:`)
  const number = groupLines(name).find(entry)?.split(':')[2]
  return number === undefined ? null : Number(number)
}

function groupLines(name: string): readonly string[] {
  try {
    // Knows of directories as well as of the file.
    return execFileSync('getent', ['group', name], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).split(
      '\n',
    )
  } catch {
    try {
      return readFileSync('/etc/group', 'utf8').split('\n')
    } catch {
      return []
    }
  }
}
