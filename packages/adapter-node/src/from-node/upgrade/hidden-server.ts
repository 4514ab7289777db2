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
  const started: http.Server[] = []
  const listen = {
    configurable: true,
    writable: true,
    value(this: http.Server) {
      started.push(this)
      return this
    },
  }
  const prototypes = [http.Server.prototype, process.getBuiltinModule('node:https').Server.prototype]
  const before = prototypes.map((prototype) => Object.getOwnPropertyDescriptor(prototype, 'listen'))
  for (const prototype of prototypes) Object.defineProperty(prototype, 'listen', listen)
  try {
    application.listen()
  } finally {
    for (const [i, prototype] of prototypes.entries()) {
      const descriptor = before[i]
      if (descriptor === undefined) Reflect.deleteProperty(prototype, 'listen')
      else Object.defineProperty(prototype, 'listen', descriptor)
    }
  }
  return started[0]
}
