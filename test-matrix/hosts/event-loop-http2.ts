/** Our event loop, on a listener for https that a client of HTTP/2 asks, with a certificate made for each start. */
import { serverModule } from '@tsgi/server-event-loop'
import type { ListenTarget, ServerModule } from '@tsgi/spec/server'
import { selfSigned } from './certificate.ts'

const secured = (target: ListenTarget): ListenTarget => ({ ...target, protocol: 'https' })

const server: ServerModule = {
  ...serverModule,
  name: 'event-loop over HTTP/2',
  serve: (app, options = {}) =>
    serverModule.serve(app, {
      ...options,
      listen: options.listen?.map(secured),
      tls: { certificates: [selfSigned('localhost')] },
    }),
}

export default server
