/** The kit over HTTP/2: in clear text with prior knowledge, on each of our servers. */
import { describeServer } from '@tsgi/conformance/vitest'
import { serverModule as cluster } from '@tsgi/server-cluster'
import { serverModule as eventLoop } from '@tsgi/server-event-loop'
import { serverModule as processes } from '@tsgi/server-process'
import { describe } from 'vitest'

describe('the kit over HTTP/2', () => {
  describeServer(eventLoop, { http2: true })
  describeServer(cluster, { http2: true, options: { workers: 2 } })
  describeServer(processes, { http2: true, options: { spare: 3 }, patience: 6 })
})
