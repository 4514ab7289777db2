import http from 'node:http'

/** An application whose package put a `listen` of its own on it, as express-ws and koa-websocket do, beside `ws`. */
interface WithOwnListen {
  listen(): unknown
}

function hasOwnListen(application: unknown): application is WithOwnListen {
  if ((typeof application !== 'function' && typeof application !== 'object') || application === null) return false
  return Object.hasOwn(application, 'listen') && 'ws' in application
}

/**
 * The server that such a package keeps to itself, with its `upgrade` listeners: what the application's `listen` would start.
 * It does not start it. `undefined` where the application listens as usual.
 */
export function hiddenServerOf(application: unknown): http.Server | undefined {
  if (!hasOwnListen(application)) return undefined
  const { prototype } = http.Server
  const before = Object.getOwnPropertyDescriptor(prototype, 'listen')
  const started: http.Server[] = []
  Object.defineProperty(prototype, 'listen', {
    configurable: true,
    writable: true,
    value(this: http.Server) {
      started.push(this)
      return this
    },
  })
  try {
    application.listen()
  } finally {
    if (before === undefined) Reflect.deleteProperty(prototype, 'listen')
    else Object.defineProperty(prototype, 'listen', before)
  }
  return started[0]
}
