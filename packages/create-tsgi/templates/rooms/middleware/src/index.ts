/** A middleware: an application to the server outside, a server to the application inside (SPEC C.5). */
import type { Application } from '@tsgi/spec'

/** Passes everything on. What it is for, and what every middleware owes its inner application, is still to be written. */
export function middleware(inner: Application): Application {
  return (environ, startResponse) => inner(environ, startResponse)
}
