import app from '../apps/fastify.ts'

export const listen = async (): Promise<number> =>
  Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
