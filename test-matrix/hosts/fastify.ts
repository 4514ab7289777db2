/** Fastify as a host: an application of ours behind a route for every method and path. */
import { defineNodeServer, listenOn } from '@tsgi/adapter-node/node-server'
import fastify from 'fastify'

export default defineNodeServer({
  name: 'Fastify',
  async listen(listener, { host, port, timeouts }) {
    const app = fastify({
      keepAliveTimeout: timeouts.keepAlive ?? 75_000,
      // A path that Fastify's router cannot read is the application's to answer.
      frameworkErrors: (_error, request, reply) => {
        reply.hijack()
        listener(request.raw, reply.raw)
      },
      http: {
        headersTimeout: timeouts.headers,
        keepAliveTimeoutBuffer: 0,
        connectionsCheckingInterval: timeouts.headers === undefined ? undefined : 100,
      },
    })
    // The body is the application's to read.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    app.all('/*', (request, reply) => {
      reply.hijack()
      listener(request.raw, reply.raw)
    })
    // The event `request` is Fastify's.
    listener.attach(app.server, { requests: false })
    await app.ready()
    return await listenOn(app.server, { host, port })
  },
})
