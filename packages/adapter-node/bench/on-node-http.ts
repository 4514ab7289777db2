/** `NODE_ENV=production node bench/on-node-http.ts express|fastify|koa PORT`: the same application on its own server. */
const [name, port] = process.argv.slice(2)
const host = '127.0.0.1'
switch (name) {
  case 'express':
    ;(await import('./express.ts')).app.listen(Number(port), host)
    break
  case 'koa':
    ;(await import('./koa.ts')).app.listen(Number(port), host)
    break
  case 'fastify':
    await (await import('./fastify.ts')).app.listen({ port: Number(port), host })
    break
  default:
    throw new Error(`express, fastify or koa was expected, got ${name}`)
}
