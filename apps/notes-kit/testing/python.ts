import { spawnSync } from 'node:child_process'
import { startServer, type ServedSite, type ServeSiteOptions } from './serve-site.ts'

/** A Python that has all of these modules; `undefined` where there is none. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  const ask = 'import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))'
  return [process.env['TSGI_PYTHON'], '/usr/bin/python3', 'python3'].find(
    (program) => program !== undefined && spawnSync(program, ['-c', ask, ...modules]).status === 0,
  )
}

/**
 * Serves a WSGI application, such as `app:app`, by Gunicorn, on a free port of this machine. With threads, since a browser
 * opens connections ahead of requests, and each of them holds a process without threads for half a minute.
 */
export function serveByGunicorn(
  python: string,
  app: string,
  { cwd, environment = {} }: Pick<ServeSiteOptions, 'cwd' | 'environment'>,
): Promise<ServedSite> {
  const args = ['-m', 'gunicorn', '--bind', '127.0.0.1:0', '--workers', '2', '--threads', '8', app]
  return startServer(python, args, { cwd, environment })
}
