/** The two ways to open a listening socket, for tests that hold both to the same rules. */
import type { Address, ListenTarget } from '@tsgi/spec/server'
import { onTestFinished } from 'vitest'
import { listen, openListeners } from '../src/index.ts'

export interface Opened {
  readonly address: Address
  close(): void
}

/** Stays open until it is closed or the test ends. */
export type Open = (target: ListenTarget) => Promise<Opened>

/** Accepts, and greets with `ours`. */
async function accepting(target: ListenTarget): Promise<Opened> {
  return untilTheEnd(
    await listen(target, {}, (server) => {
      server.on('connection', (socket) => socket.on('error', () => {}).end('ours'))
    }),
  )
}

/** Bound for workers, which are not there yet. */
async function held(target: ListenTarget): Promise<Opened> {
  const listeners = await openListeners([target], true)
  return untilTheEnd({ address: listeners.addresses[0] as Address, close: () => listeners.close() })
}

function untilTheEnd(opened: Opened): Opened {
  let open = true
  const close = (): void => {
    if (open) opened.close()
    open = false
  }
  onTestFinished(close)
  return { address: opened.address, close }
}

export const WAYS: readonly (readonly [string, Open])[] = [
  ['listen', accepting],
  ['openListeners', held],
]
