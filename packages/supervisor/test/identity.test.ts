import { describe, expect, it } from 'vitest'
import { resolveIdentity } from '../src/identity.ts'
import { start, who } from './harness.ts'

const isRoot = process.geteuid?.() === 0

describe('a user and a group', () => {
  it('are nobody’s business when none is named', () => {
    expect(resolveIdentity(undefined, undefined)).toBeNull()
  })

  it('that do not exist are told so', () => {
    expect(() => resolveIdentity('no-such-user', undefined)).toThrow('--user no-such-user: there is no such user.')
    expect(() => resolveIdentity(process.geteuid?.(), 'no-such-group')).toThrow(
      '--group no-such-group: there is no such group.',
    )
    expect(() => resolveIdentity('-n', undefined)).toThrow('--user -n: there is no such user.')
  })

  it('are numbers for names, and a user brings its group', () => {
    expect(resolveIdentity('root', 'root')).toEqual({ uid: 0, gid: 0 })
    expect(resolveIdentity('nobody', undefined)?.uid).toBe(65534)
    expect(resolveIdentity('0', '0')).toEqual({ uid: 0, gid: 0 })
  })

  it.skipIf(!isRoot)('may be taken by root, and are what workers run as', async () => {
    const identity = resolveIdentity('nobody', undefined)
    const server = await start({ identity })
    const { uid, gid } = await who(server)
    expect({ uid, gid }).toEqual(identity)
    expect(process.geteuid?.()).toBe(0)
  })

  it.skipIf(!isRoot)('may not be taken by anybody else', () => {
    process.seteuid?.(65534)
    try {
      expect(() => resolveIdentity('root', undefined)).toThrow('only root may become somebody else')
      expect(resolveIdentity(65534, process.getegid?.())).not.toBeNull()
    } finally {
      process.seteuid?.(0)
    }
  })
})
