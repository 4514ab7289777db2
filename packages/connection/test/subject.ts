/** A connection whose application a test controls, and what it may receive. */
import type { Application } from '@tsgi/spec'
import type { ServeOptions } from '@tsgi/spec/server'
import { setImmediate as turn } from 'node:timers/promises'
import { held, type HeldTransport } from './held-transport.ts'

export const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
export const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n'
export const EXPECTING = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n'
export const CHUNKED = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
export const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'

export interface Subject {
  readonly wire: HeldTransport
  /** Reads the body to its end. Resolves then, with the error where it failed. */
  read(): Promise<unknown>
  /** Lets the application answer. */
  answer(headers?: readonly string[]): Promise<void>
  /** Lets it fail. */
  fail(): Promise<void>
  /** Milliseconds pass, and the server looks at its deadlines. */
  pass(time: number): void
}

/** An application that a test controls. */
export function subject(options: ServeOptions = {}): Subject {
  let environ: Parameters<Application>[0] | undefined
  let go = Promise.withResolvers<readonly string[]>()
  const { http, wire } = held(async (given, start) => {
    environ = given
    go = Promise.withResolvers()
    start(200, [...(await go.promise)])
    return 'answer'
  }, options)
  return {
    wire,
    read: async () => {
      try {
        for await (const _ of environ!.input);
        return undefined
      } catch (error) {
        return error
      }
    },
    answer: async (headers = []) => {
      go.resolve(headers)
      await turn()
    },
    fail: async () => {
      go.reject(new Error('failed'))
      await turn()
    },
    pass: (time) => wire.connection.tick(http.clock.now + time),
  }
}
