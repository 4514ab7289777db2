import { getRequestListener } from '@hono/node-server'
import { describeServer } from '@tsgi/conformance/vitest'
import http from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { defineFetchServer } from '../src/fetch-server/index.ts'

const fetchServer = defineFetchServer({
  name: 'fetch',
  async listen(handler, { host, port }) {
    const server = http.createServer(getRequestListener(handler, { overrideGlobalObjects: false }))
    server.listen(port, host)
    await once(server, 'listening')
    let closed: Promise<unknown> | null = null
    return {
      port: (server.address() as AddressInfo).port,
      close(now) {
        if (closed === null) {
          closed = once(server, 'close')
          server.close()
        }
        if (now) server.closeAllConnections()
        return closed
      },
    }
  },
})

/** Behaviours for one reason. */
const because = (reason: string, ...ids: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(ids.map((id) => [id, reason]))

/** What the host decides before `toFetch` is asked, or after it has answered. Every rule of a response itself holds. */
const cannot = {
  ...because(
    "the host's URL and Headers classes write the request in their own way",
    'environ-query',
    'path-dots',
    'path-absolute-form',
    'environ-fields-order',
  ),
  ...because('the application is given the Request and what the host passes beside it', 'environ-data'),
  ...because('a Request names no version', 'environ-protocol-1.0', 'environ-no-host', 'version-minor', 'chunked-1.0'),
  ...because('Headers sort the fields of a response', 'fields-kept'),
  ...because('the host adds a content-type', 'fields-added'),
  ...because('the host gives a short stream a length', 'body-iterable', 'body-set'),
  ...because(
    'a Response carries no trailers, no interim responses and no upgrade',
    'input-trailers',
    'early-hints',
    'trailers',
    'trailers-set-cookie',
    'trailers-authorization',
    'trailers-content-type',
    'trailers-transfer-encoding',
    'trailers-host',
    'upgrade',
    'upgrade-other',
    'upgrade-late',
    'upgrade-left',
    'upgrade-failed',
    'upgrade-and-body',
  ),
  ...because('the host sends 100 Continue itself', 'continue-on-read', 'continue-never', 'continue-early'),
  ...because(
    'limits and timeouts are settings of the host',
    'environ-trusted',
    'input-error-status',
    'input-too-large',
    'slow-body',
    'slow-head',
    'idle',
    'target-too-long',
    'field-too-large',
    'trailers-too-large',
  ),
  ...because(
    'node:http ends a connection whose client half-closes',
    'half-close',
    'half-close-signal',
    'half-close-body',
  ),
  ...because(
    'the parser of node:http is the host’s',
    'environ-method',
    'options-star',
    'double-space',
    'double-space-version',
    'method-overlong',
    'connect',
    'version-2',
    'target-fragment',
    'target-backslash',
    'target-star-get',
    'host-twice',
    'host-twice-equal',
    'host-userinfo',
    'host-path',
    'host-list',
    'host-space',
    'host-empty',
    'host-port-word',
    'underscore-length',
    'underscore-coding',
    'expectation-unknown',
    'coding-unknown',
    'coding-in-1.0',
    'length-zeros',
    'chunk-extension-bad',
    'chunk-extension-long',
    'good-then-bad',
  ),
}

describeServer(fetchServer, { cannot })
