import type { BodyWriter, StreamingBody } from '@tsgi/spec'
import { stream, type Reply, type ReplyInit } from './reply.ts'

/** HTML §9.2. */
export interface ServerEvent {
  /** A string as it is, anything else as JSON. */
  readonly data: unknown
  /** What `addEventListener` is called with; `message` when absent. */
  readonly event?: string | undefined
  /** Comes back as `last-event-id` when the browser connects again. */
  readonly id?: string | undefined
  /** Milliseconds until the browser connects again after a loss. */
  readonly retry?: number | undefined
}

export interface EventsInit extends Omit<ReplyInit, 'type' | 'onDraining'> {
  /** Milliseconds between signs of life; proxies cut what is silent for long. Default 15 s; 0 for none. */
  readonly heartbeat?: number | undefined
}

/**
 * Server-sent events, each on its way as soon as it is yielded. When the client leaves, the source's `return` is called; a
 * source that waits for something else listens to `context.signal` as well. When the server begins to stop, the stream ends
 * whole: browsers connect again, to the process that follows, with the `id` of the last event.
 *
 * @example
 * app.get('/clock', ({ signal }) => events(ticks(signal)))
 *
 * async function* ticks(signal: AbortSignal) {
 *   for await (const _ of setInterval(1000, null, { signal })) yield { data: new Date() }
 * }
 */
export function events(source: AsyncIterable<ServerEvent> | Iterable<ServerEvent>, init: EventsInit = {}): Reply {
  const { heartbeat = 15_000, headers = [], status } = init
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  let beat: NodeJS.Timeout | undefined
  let stopping = false
  let stopWaiting = (): void => {}
  // Not a race with one long promise, which would keep a reaction for each event.
  const nextUnlessStopped = (): Promise<IteratorResult<ServerEvent> | null> =>
    new Promise((resolve, reject) => {
      if (stopping) return resolve(null)
      stopWaiting = () => resolve(null)
      Promise.resolve(iterator.next()).then(resolve, reject)
    })
  const onDraining = (): void => {
    stopping = true
    stopWaiting()
  }
  const body: StreamingBody = async (out) => {
    if (heartbeat > 0) beat = setInterval(() => void write(out, ':\n\n').catch(() => {}), heartbeat)
    // The browser's `open` event comes with the head.
    await out.flush()
    for (;;) {
      const next = await nextUnlessStopped()
      if (next === null || next.done === true) return
      await write(out, format(next.value))
    }
  }
  body.close = () => {
    clearInterval(beat)
    // Not awaited: behind a pending `next` it would wait for an event that nobody wants.
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
  // Without the second field nginx would hold events back until its buffer is full.
  const fields = ['cache-control', 'no-store', 'x-accel-buffering', 'no', ...headers]
  return stream(body, { type: 'text/event-stream', headers: fields, status, onDraining })
}

async function write(out: BodyWriter, frame: string): Promise<void> {
  await out.write(frame)
  await out.flush()
}

function format({ data, event, id, retry }: ServerEvent): string {
  const content = typeof data === 'string' ? data : JSON.stringify(data)
  const head = line('event', event) + line('id', id) + line('retry', retry?.toString())
  // No `/^/gm`: it would also see a line's start inside CRLF and after U+2028.
  return `${head}data: ${content.split(/\r\n|\r|\n/).join('\ndata: ')}\n\n`
}

function line(name: string, value: string | undefined): string {
  if (value === undefined) return ''
  if (/[\r\n\0]/.test(value)) throw new TypeError(`an event's ${name} must be one line, got ${JSON.stringify(value)}`)
  return `${name}: ${value}\n`
}
