import { serve } from 'srvx'
import app from '../apps/hono.ts'

export async function listen(): Promise<number> {
  const server = await serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', silent: true }).ready()
  return Number(new URL(server.url ?? '').port)
}
