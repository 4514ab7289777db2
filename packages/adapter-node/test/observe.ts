/** Runs one listener on `node:http` and on a TSGI host, and compares what both see. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { expect } from 'vitest'
import { expectSame, type Difference } from './compare.ts'
import { nodeHttp, type Host } from './hosts.ts'
import { requestText, talk, type Conversation } from './wire.ts'
import type { Finding } from '@tsgi/validator'

export interface Case {
  /** What it notes is compared. */
  readonly listener: (request: IncomingMessage, response: ServerResponse, note: (text: string) => void) => unknown
  /** Notes and events of the response are compared in one order, not each in its own. */
  readonly ordered?: boolean
  readonly request?: readonly (string | Uint8Array)[]
  /** What the client does when it has sent its request. `called` resolves when the listener was called. */
  readonly meanwhile?: (socket: Socket, called: Promise<void>) => void
  /** How a TSGI server differs, beyond what `compare.ts` lists for all. */
  readonly differs?: {
    /** `finish` comes when the server has sent the response: behind what the listener did meanwhile. */
    readonly finish?: 'later'
    readonly answer?: Difference
  }
}

export const codeOf = (error: Error | null | undefined): string | undefined =>
  (error as NodeJS.ErrnoException | null)?.code

interface Observed {
  readonly findings: readonly Finding[]
  readonly conversation: Conversation
  readonly requestEvents: readonly string[]
  readonly responseEvents: readonly string[]
  readonly notes: readonly string[]
  readonly timeline: readonly string[]
}

async function observe(
  host: Host,
  { listener, request = requestText('GET', '/'), meanwhile }: Case,
): Promise<Observed> {
  const requestEvents: string[] = []
  const responseEvents: string[] = []
  const notes: string[] = []
  const timeline: string[] = []
  const called = Promise.withResolvers<void>()
  const requestClosed = Promise.withResolvers<void>()
  const responseClosed = Promise.withResolvers<void>()
  await using running = await host.serve((request: IncomingMessage, response: ServerResponse) => {
    for (const event of ['aborted', 'end', 'error', 'close']) {
      request.on(event, (error?: NodeJS.ErrnoException) => requestEvents.push(named(event, error)))
    }
    for (const event of ['prefinish', 'finish', 'drain', 'error', 'close']) {
      response.on(event, (error?: NodeJS.ErrnoException) => responseEvents.push(named(event, error)))
    }
    response.on('pipe', () => responseEvents.push('pipe'))
    for (const event of ['prefinish', 'finish', 'close']) response.on(event, () => timeline.push(event))
    request.on('close', requestClosed.resolve)
    response.on('close', responseClosed.resolve)
    called.resolve()
    return listener(request, response, (text) => {
      notes.push(text)
      timeline.push(text)
    })
  })
  const conversation = await talk(running.port, request, (socket) => meanwhile?.(socket, called.promise))
  await Promise.all([requestClosed.promise, responseClosed.promise])
  return { conversation, requestEvents, responseEvents, notes, timeline, findings: running.findings }
}

const named = (event: string, error?: NodeJS.ErrnoException): string =>
  event === 'error' ? `error ${error?.code ?? error?.message}` : event

export async function expectAsOnNode(host: Host, subject: Case): Promise<void> {
  const expected = await observe(nodeHttp, subject)
  const actual = await observe(host, subject)

  expect(actual.requestEvents).toEqual(expected.requestEvents)
  const inOrder = (events: readonly string[]): readonly string[] =>
    subject.differs?.finish === 'later' ? events.filter((event) => event !== 'finish') : events
  expect(inOrder(actual.responseEvents)).toEqual(inOrder(expected.responseEvents))
  expect(actual.responseEvents.toSorted()).toEqual(expected.responseEvents.toSorted())
  if (subject.ordered) expect(actual.timeline).toEqual(expected.timeline)
  expect(actual.notes.toSorted()).toEqual(expected.notes.toSorted())
  expectSame(actual.conversation, expected.conversation, subject.differs?.answer)
  expect(actual.findings).toEqual([])
}
