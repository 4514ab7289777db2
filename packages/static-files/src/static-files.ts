import { withLifespan, type Application } from '@tsgi/spec'
import { fileServer } from './file-server.ts'
import type { StaticOptions } from './settings.ts'

/**
 * The files of a folder as an application. It serves `pathInfo`, so it can be mounted anywhere. With a `fallback` it stands in
 * front of an application: what is a file is served, all else goes there.
 *
 * Files are looked at again at most a second after they changed (`memory.recheckAfter`).
 *
 * @param root a path, or a `file:` URL
 * @throws StaticFilesError where `root` is no folder that can be read
 * @example const application = staticFiles('public', { fallback: app, immutable: true })
 */
export function staticFiles(root: string | URL, options: StaticOptions = {}): Application {
  const serve = fileServer(root, options)
  const application: Application = (environ, startResponse) => serve(environ.pathInfo, environ, startResponse)
  return options.fallback === undefined ? application : withLifespan(application, options.fallback)
}
