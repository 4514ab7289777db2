/** Whether OpenTelemetry's instrumentation of `node:http` makes the server span of a request itself. */
import type { Application } from '@tsgi/spec'

/** @tsgi/adapter-node says so of what it makes of a Node listener: its requests are events of an `http.Server`. */
const NODE_LISTENER = Symbol.for('tsgi.node-listener')

export const servesByNode = (application: Application): boolean =>
  (application as Application & { readonly [NODE_LISTENER]?: unknown })[NODE_LISTENER] === true

/** The instrumentation replaces `emit`, and marks what it puts there. */
export function httpIsInstrumented(): boolean {
  const { Server } = process.getBuiltinModule('node:http')
  return (Server.prototype.emit as { readonly __wrapped?: unknown }).__wrapped === true
}
