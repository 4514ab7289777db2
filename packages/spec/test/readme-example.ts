import { isPromise, mapBody, withLifespan, type Application, type Body } from '@tsgi/spec'

/** An application. */
export const hello: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain; charset=utf-8'])
  return `hello from ${environ.pathInfo}\n`
}

/** A middleware: an application to the server outside, a server to the application inside. */
export function shouting(inner: Application): Application {
  return withLifespan((environ, startResponse) => {
    // The rest parameter keeps the number of arguments: three mean "replace what was said before" (S.4).
    const body = inner(environ, (status, headers, ...error) =>
      startResponse(status, [...headers, 'x-volume', '11'], ...error),
    )
    return isPromise(body) ? body.then(shout) : shout(body)
  }, inner)
}

const shout = (body: Body): Body => mapBody(body, (chunk) => (typeof chunk === 'string' ? chunk.toUpperCase() : chunk))

export default shouting(hello)
