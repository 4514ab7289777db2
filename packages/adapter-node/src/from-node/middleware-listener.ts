import { STATUS_CODES } from 'node:http'
import type { NodeListener, NodeMiddleware } from './node-application.ts'

/**
 * A listener that is middleware with nothing behind it: what it passes on is not found, an error that says it is the
 * client's fault is answered with its status, any other is the server's to log and answer.
 */
export function middlewareListener(middleware: NodeMiddleware): NodeListener {
  return (request, response) =>
    middleware(request, response, (error) => {
      const status = error === undefined || error === null ? 404 : clientErrorOf(error)
      if (status === null || response.headersSent) {
        response.destroy(error instanceof Error ? error : new Error(`The middleware failed: ${String(error)}`))
        return
      }
      response.statusCode = status
      response.setHeader('content-type', 'text/plain; charset=utf-8')
      response.end(`${STATUS_CODES[status] ?? String(status)}\n`)
    })
}

function clientErrorOf(error: unknown): number | null {
  const { status, statusCode } = error as { readonly status?: unknown; readonly statusCode?: unknown }
  const code = status ?? statusCode
  return typeof code === 'number' && code >= 400 && code < 500 ? code : null
}
