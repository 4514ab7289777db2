/** What an application enters with `AsyncLocalStorage.enterWith` is not seen by the next request (SPEC C.6). */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'

/**
 * Whether contexts are values of their own, as from Node 24. Before, and with `--no-async-context-frame`, they are kept by
 * resources of async_hooks: what a call enters then stays with the resource or the socket that it ran in.
 */
export const CONTEXTS_ARE_FRAMES: boolean = (() => {
  const storage = new AsyncLocalStorage<true>()
  const resource = new AsyncResource('tsgi.probe')
  resource.runInAsyncScope(() => storage.enterWith(true))
  const seen = resource.runInAsyncScope(() => storage.getStore())
  // Otherwise async_hooks stay switched on, which makes promises slow.
  storage.disable()
  return seen === undefined
})()

/** Made where no application runs, so a call in its scope is in none of their contexts. A fifth of what `AsyncLocalStorage.snapshot()` costs. */
const outside = new AsyncResource('tsgi.request')

const newResource = (): AsyncResource => new AsyncResource('tsgi.request')

/** A resource for one call, whose scope is in none of the contexts that applications make. */
export const noContext: () => AsyncResource = CONTEXTS_ARE_FRAMES
  ? () => outside
  : () => outside.runInAsyncScope(newResource)
