/** An open event stream on a server that stops, or that replaces the process which sends it. */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { RunningServer, ServerModule } from '@tsgi/spec/server'
import { expect } from 'vitest'

const APPLICATION = { module: new URL('fixtures/event-stream.ts', import.meta.url) }
/** Far beyond what a test waits: who waits for it fails. */
const GRACEFUL = 60_000

export async function start(server: ServerModule, options: object = {}): Promise<RunningServer> {
  return await server.serve(APPLICATION, {
    listen: [{ host: '127.0.0.1', port: 0 }],
    log: () => {},
    timeouts: { graceful: GRACEFUL },
    ...options,
  })
}

export interface OpenStream {
  /** The process that sends it. */
  readonly pid: number
  /** What is still sent until its end. @throws where the response breaks off */
  rest(): Promise<string>
}

export async function openStream(server: RunningServer): Promise<OpenStream> {
  // A connection of its own: one that is kept leads to the process that answered last.
  const request = get(new URL('events', server.urls[0]), { agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const parts = response.setEncoding('utf8').iterator() as AsyncIterator<string>
  let text = ''
  const read = async (until: (text: string) => boolean): Promise<void> => {
    while (!until(text)) {
      const { done, value } = await parts.next()
      if (done === true) return
      text += value
    }
  }
  await read((sent) => sent.endsWith('\n\n'))
  const [, pid] = /^id: 1\ndata: (\d+)\n\n$/.exec(text) ?? []
  expect(pid, `one event with a process, got ${JSON.stringify(text)}`).toBeDefined()
  return {
    pid: Number(pid),
    async rest() {
      text = ''
      await read(() => false)
      return text
    },
  }
}

/** The stream ends whole, and the next one of its client is another process's. */
export async function endsAtReload(server: RunningServer): Promise<void> {
  const before = await openStream(server)
  const ended = before.rest()
  await server.reload?.()
  expect(await ended).toBe('')
  const after = await openStream(server)
  expect(after.pid).not.toBe(before.pid)
  await endsAtStop(server, after)
}

/** The stream ends whole, and the server has stopped long before its graceful limit. */
export async function endsAtStop(server: RunningServer, stream: OpenStream): Promise<void> {
  const ended = stream.rest()
  expect(await server.close()).toEqual({ cutOff: 0 })
  expect(await ended).toBe('')
}
