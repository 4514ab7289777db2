import http from 'node:http'
import { describeServer } from '@tsgi/conformance/vitest'
import { describe } from 'vitest'
import { defineNodeServer, listenOn } from '../src/node-server/index.ts'

const nodeHttpServer = defineNodeServer({
  name: 'node-http',
  async listen(listener, { host, port, timeouts }) {
    const server = http.createServer({
      headersTimeout: timeouts.headers,
      keepAliveTimeout: timeouts.keepAlive,
      keepAliveTimeoutBuffer: 0,
      connectionsCheckingInterval: 100,
    })
    listener.attach(server)
    return await listenOn(server, { host, port })
  },
})

/** What Node does with a connection before a listener is asked. The README says the same in words. */
const cannot = {
  'environ-method': 'the parser knows a list of methods, and refuses all others',
  'environ-trusted': 'proxies are trusted by what stands in front, such as Express',
  'version-minor': 'the parser knows 1.0 and 1.1',
  'double-space': 'the parser takes more than one space',
  'double-space-version': 'the parser takes more than one space',
  'method-overlong': 'the parser answers 400',
  'target-too-long': 'the parser answers 431, and resets the connection',
  'field-too-large': 'the parser answers 431, and resets the connection',
  'coding-unknown': 'the parser answers 400',
  'chunk-extension-bad': 'the parser takes them',
  'chunk-extension-long': 'the parser resets the connection',
  'trailers-too-large': 'the parser resets the connection',
  'good-then-bad': 'the parser breaks off what was not sent yet',
}

describe('the kit', () => describeServer(nodeHttpServer, { cannot }))
