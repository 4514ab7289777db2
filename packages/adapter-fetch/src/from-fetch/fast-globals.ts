import { FastResponse } from './fast-response.ts'
import { nativeOf } from './lazy-request.ts'

const nativeFetch = globalThis.fetch
const NativeRequest = globalThis.Request
type NativeRequest = globalThis.Request

/** `Request` that can be made of a lazy one. What it makes is native. */
const FastRequest = class Request extends NativeRequest {
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== Request) return Function.prototype[Symbol.hasInstance].call(this, value)
    return Object.prototype.isPrototypeOf.call(NativeRequest.prototype, value as object)
  }

  constructor(input: string | URL | NativeRequest, init?: RequestInit) {
    super(nativeOf(input, init) ?? input, init)
  }
}

const fastFetch: typeof fetch = function fetch(input, init) {
  return nativeFetch(nativeOf(input, init) ?? input, init)
}

const replacements = { Request: FastRequest, Response: FastResponse, fetch: fastFetch }
const names = ['Request', 'Response', 'fetch'] as const
let originals: PropertyDescriptor[] | undefined

/**
 * Puts lightweight classes in the place of the global `Request` and `Response`, and a `fetch` that takes such requests.
 * An app that took hold of the native classes before goes on with them, at their cost. Twice does no more than once.
 */
export function installFastGlobals(): void {
  if (originals !== undefined) return
  originals = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name) as PropertyDescriptor)
  for (const name of names) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: replacements[name] })
  }
}

/** Puts back what {@link installFastGlobals} replaced. */
export function uninstallFastGlobals(): void {
  originals?.forEach((original, i) => Object.defineProperty(globalThis, names[i] as string, original))
  originals = undefined
}

/** Whether the fast classes stand where an app finds them: they take any lazy request. */
export function fastGlobalsInstalled(): boolean {
  return originals !== undefined
}
