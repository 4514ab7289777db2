import Fastify, { type FastifyInstance } from 'fastify'

/** The Fastify application that both servers of the comparison run. */
export const app: FastifyInstance = Fastify()
app.get('/', () => 'Hello, World!')
