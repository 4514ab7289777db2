/**
 * The application that the kit asks, written in this framework as its users would write it. `npx tsgi matrix --routes` prints
 * what each route answers. `observe(key, 'left')` is for GET /hang, which says when its client has left.
 */
import type { Application } from '@tsgi/spec'
import { framework } from './index.ts'

export default function exercises(_observe: (key: string, event: string) => void): Application {
  const app = framework()
  app.route('GET', '/text', () => 'Hello, World!\n')
  // Still to be written, in the order in which the kit asks for them: /json, /greet/:name, /query, /query/all, /field,
  // /cookies, /cookies/set, /form, /multipart, /upload, /refuse, /early, /echo, /stream, /download, /events, /item, /cached,
  // /old, /error, /error/late, /hang, /link, /large, /slow
  return app
}
