import { Hono } from 'hono'

/** The app that all servers of the comparison run. */
export const app: Hono = new Hono().get('/', (c) => c.text('Hello, World!'))
