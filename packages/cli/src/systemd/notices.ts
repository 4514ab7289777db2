/** What systemd is to know of a service (sd_notify(3)): ready, reloading, stopping, and that it is alive. */
import type { Logger } from '@tsgi/spec/server'
import { datagramsByFfi, datagramsByProgram, type SendDatagram } from './datagram.ts'

export interface Notices {
  ready(status: string): void
  reloading(): void
  stopping(): void
}

const NONE: Notices = { ready() {}, reloading() {}, stopping() {} }

/**
 * Notices to the socket that `NOTIFY_SOCKET` names; none without it. With `WATCHDOG_USEC` a sign of life goes out
 * from the event loop, twice in that time, once the service is ready. The variables are taken out of the environment: what the
 * application starts is not this service.
 *
 * A failure is logged once, and changes nothing else.
 */
export function openNotices(env: NodeJS.ProcessEnv, log: Logger, send?: SendDatagram): Notices {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: period, WATCHDOG_PID: watched } = env
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name]
  if (socket === undefined || socket === '') return NONE
  const sendDatagram = send ?? sender(socket)
  let failed = false
  const fail = (error: unknown): void => {
    if (!failed) log('warn', `systemd cannot be notified at ${socket}`, { error })
    failed = true
  }
  const notify = (text: string): void => {
    try {
      const sent = sendDatagram(text)
      if (sent !== undefined) sent.catch(fail)
    } catch (error) {
      fail(error)
    }
  }
  const every = watched === undefined || Number(watched) === process.pid ? Number(period) / 1000 / 2 : Number.NaN
  let timer: NodeJS.Timeout | undefined
  return {
    ready(status) {
      notify(`READY=1\nMAINPID=${process.pid}\nSTATUS=${status}`)
      if (every > 0) timer ??= setInterval(() => notify('WATCHDOG=1'), every).unref()
    },
    // Type=notify-reload wants to know since when.
    reloading: () => notify(`RELOADING=1\nMONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => notify('STOPPING=1'),
  }
}

const sender = (socket: string): SendDatagram => datagramsByFfi(socket) ?? datagramsByProgram(socket)
