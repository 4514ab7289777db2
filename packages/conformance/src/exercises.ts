/**
 * The exercises: what a framework or an adapter must do on any server, asked of an application that has the routes of
 * `EXERCISE_ROUTES`, written in that framework.
 */
import type { Behaviour } from './behaviour.ts'
import { CONNECTIONS } from './exercises/connections.ts'
import { ENDINGS } from './exercises/endings.ts'
import { REQUESTS } from './exercises/requests.ts'
import { RESPONSES } from './exercises/responses.ts'
import { STREAMS } from './exercises/streams.ts'
import { UPLOADS } from './exercises/uploads.ts'
import type { PathOf } from './session.ts'

export const EXERCISES: readonly Behaviour[] = [REQUESTS, RESPONSES, UPLOADS, STREAMS, CONNECTIONS, ENDINGS].flat()

/** Exercises name their paths themselves. */
export const exercisePath: PathOf = () => '/text'

/** What the application has to answer; `observe(key, event)` writes down what the kit asks for later. */
export const EXERCISE_ROUTES: Readonly<Record<string, string>> = {
  'GET /text': '"Hello, World!\\n" as text/plain; another method is 405 with Allow: GET, HEAD (others may be added)',
  'GET /json': '{"message":"Hello, World!"} as application/json',
  'GET /greet/:name': '"Hello, <name>!", the name decoded once; an encoded slash stays in it',
  'GET /query': '{"q": the first value of q} as JSON',
  'GET /query/all': 'all values of tag, as a JSON array',
  'GET /field': '{"value": the field x-tag, repeats joined by ", "} as JSON',
  'GET /cookies': 'the cookies that came, as a JSON object',
  'GET /cookies/set': 'sets the cookies a=1 and b=2; answers "set"',
  'POST /form': 'the fields of a url-encoded form, as a JSON object',
  'POST /multipart': '{"title": the field, "filename", "size", "sum": the bytes of the file added up} as JSON',
  'POST /upload': '{"bytes": how many came} as JSON',
  'POST /refuse': '413 after having read some of the body, but at most 1 MiB of it',
  'POST /early': '403 "no" without reading the body',
  'POST /echo': 'the body as it came, application/octet-stream',
  'GET /stream': 'text/plain: "one\\n", 150 ms later "two\\n", 150 ms later "three\\n"; no declared length',
  'GET /download': '20 MiB in pieces of 64 KiB, each byte the number of its piece modulo 256; no declared length',
  'GET /events': 'server-sent events: data 1, 150 ms later data 2; text/event-stream',
  'DELETE /item': '204',
  'GET /cached': 'etag "v1"; 304 where If-None-Match is that, else "cached"',
  'GET /old': '302 or 303 to /text',
  'GET /error': 'throws an error with the message "secret"',
  'GET /error/late': 'text/plain: "partial", then, 50 ms later, the stream fails; no declared length',
  'GET /hang': 'streams "waiting" and then nothing until the client has left; then observes "left" under ?case=',
  'GET /link': 'a link to /text as a path, with the mount prefix, as text',
  'GET /large': 'a field x-large of 8,000 times "a"; answers "large"',
  'GET /slow': '"slow" after ?ms= milliseconds',
}
