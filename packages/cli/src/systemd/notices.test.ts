import { describe, expect, it, vi } from 'vitest'
import { openNotices } from './notices.ts'
import { handedSockets } from './socket-activation.ts'

describe('notices to systemd', () => {
  it('say ready, reloading, stopping and alive, and leave no variable to others', () => {
    vi.useFakeTimers()
    const env: NodeJS.ProcessEnv = {
      NOTIFY_SOCKET: '/run/notify',
      WATCHDOG_USEC: '2000000',
      WATCHDOG_PID: `${process.pid}`,
    }
    const sent: string[] = []
    const notices = openNotices(
      env,
      () => {},
      (text) => void sent.push(text),
    )
    expect(env).toEqual({})
    vi.advanceTimersByTime(5_000)
    expect(sent).toEqual([])
    notices.ready('fine')
    notices.reloading()
    notices.ready('fine')
    vi.advanceTimersByTime(2_100)
    notices.stopping()
    vi.useRealTimers()
    expect(sent).toEqual([
      `READY=1\nMAINPID=${process.pid}\nSTATUS=fine`,
      expect.stringMatching(/^RELOADING=1\nMONOTONIC_USEC=\d+$/),
      `READY=1\nMAINPID=${process.pid}\nSTATUS=fine`,
      'WATCHDOG=1',
      'WATCHDOG=1',
      'STOPPING=1',
    ])
  })

  it('do not go out without a socket for them', () => {
    const sent: string[] = []
    openNotices(
      {},
      () => {},
      (text) => void sent.push(text),
    ).ready('fine')
    expect(sent).toEqual([])
  })

  it('that fail are logged once, and change nothing', async () => {
    const lines: string[] = []
    const log = (_level: string, message: string): void => void lines.push(message)
    const fails = [
      () => Promise.reject(new Error('gone')),
      () => {
        throw new Error('gone')
      },
    ]
    for (const send of fails) {
      const notices = openNotices({ NOTIFY_SOCKET: '/gone' }, log, send)
      notices.ready('fine')
      notices.stopping()
      await Promise.resolve()
    }
    expect(lines).toEqual(Array.from({ length: 2 }, () => 'systemd cannot be notified at /gone'))
  })
})

describe('sockets of systemd', () => {
  it('are those that are for this process, and the variables go', () => {
    const env: NodeJS.ProcessEnv = { LISTEN_PID: String(process.pid), LISTEN_FDS: '2', LISTEN_FDNAMES: 'a:b' }
    expect(handedSockets(env)).toEqual([{ fd: 3 }, { fd: 4 }])
    expect(env).toEqual({})
    expect(handedSockets({ LISTEN_PID: '1', LISTEN_FDS: '2' })).toEqual([])
    expect(handedSockets({})).toEqual([])
    expect(() => handedSockets({ LISTEN_PID: String(process.pid), LISTEN_FDS: 'x' })).toThrow(
      'LISTEN_FDS=x: expected how many sockets there are.',
    )
  })
})
