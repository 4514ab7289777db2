import { expect } from 'vitest'
import { type Running } from './command.ts'

/** Streams until a file beside it appears, or for ever. */
export const APP = `
import { existsSync, watch } from 'node:fs'
import { once } from 'node:events'

export const gate = async (name) => {
  const watcher = watch('.')
  while (!existsSync(name)) await once(watcher, 'change')
  watcher.close()
}

export default (environ, startResponse) => {
  switch (environ.pathInfo) {
    case '/stream':
      startResponse(200, ['content-type', 'text/plain'])
      return (async function* () { yield 'first '; environ.server.flush(); await gate('open'); yield 'last' })()
    case '/throw':
      throw new Error('thrown in the handler')
    case '/uncaught':
      setImmediate(() => { throw new Error('thrown from a callback') })
      break
    case '/unhandled':
      void Promise.reject(new Error('nobody awaits me'))
      break
  }
  startResponse(200, ['content-type', 'text/plain'])
  return 'fine'
}
export const hooked = Object.assign((environ, startResponse) => { startResponse(200, []); return 'ok' }, {
  startup() { console.log('startup ran') },
  shutdown() { console.log('shutdown ran') },
})
export const stuck = Object.assign((environ, startResponse) => { startResponse(200, []); return 'ok' }, {
  shutdown: () => new Promise(() => {}),
})
`

/** A request whose response has begun. */
export async function startStream(tsgi: Running) {
  const response = await tsgi.get('/stream')
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('first ')
  return async () => {
    let rest = ''
    for (let part = await reader.read(); !part.done; part = await reader.read())
      rest += new TextDecoder().decode(part.value)
    return rest
  }
}
