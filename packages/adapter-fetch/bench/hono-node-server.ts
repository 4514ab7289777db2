/** `node bench/hono-node-server.ts PORT`: the app on `node:http`, through `@hono/node-server` as it comes. */
import { serve } from '@hono/node-server'
import { app } from './app.ts'

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.argv[2]) })
