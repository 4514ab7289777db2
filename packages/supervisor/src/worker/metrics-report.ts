/** Sends what a worker counted to its supervisor: when asked, now and then in case it dies, and at its end. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ownMetrics, ProcessMetrics } from '@tsgi/metrics/counting'
import type { Logger } from '@tsgi/spec/server'
import type { MetricsOrder } from '../channel/messages.ts'
import type { Channel } from '../channel/worker-end.ts'
import type { WorkerService } from './service.ts'

/** Between two reports that nobody asked for, in milliseconds: what a worker that is killed may have counted in vain. */
const PACE = 5_000
/** For the application's own metrics at the end, in milliseconds. */
const LAST_WAIT = 500

export interface MetricsReport {
  send(): Promise<void>
  /** Once more, with no more than a moment for what the application itself counts. */
  sendLast(): Promise<void>
}

export function reportMetrics(
  { worker, watches }: MetricsOrder,
  service: WorkerService,
  channel: Channel,
  log: Logger,
): MetricsReport {
  const own = new ProcessMetrics(worker, watches)
  let complained = false
  const complain = (error: unknown): void => {
    if (!complained) log('error', "the application's own metrics cannot be collected", { error })
    complained = true
  }
  const send = async (asked: boolean): Promise<void> => {
    const applications = await ownMetrics(complain)
    const servers = [...(service.metrics?.() ?? []), ...own.metrics(asked)]
    if (channel.send({ type: 'metrics', metrics: [...servers, ...applications] })) return
    complain(new Error('they are longer than 8 MiB, and left out'))
    channel.send({ type: 'metrics', metrics: servers })
  }
  setInterval(() => void send(false), PACE).unref()
  return {
    send: () => send(true),
    sendLast: () => Promise.race([send(false), sleep(LAST_WAIT)]),
  }
}
