import type { Environ } from '@tsgi/spec'

/** Who answered, in a line. */
export function servedBy({ server, multiprocess, runOnce }: Environ): string {
  // Set by servers that have workers.
  const worker = process.env['TSGI_WORKER']
  const which = worker === undefined ? '' : `worker ${worker}, `
  return `Served by ${server.name}, ${which}process ${process.pid}: ${role(multiprocess, runOnce)}.`
}

function role(multiprocess: boolean, runOnce: boolean): string {
  if (runOnce) return 'a process of its own for your connection'
  return multiprocess ? 'one of several that share the work' : 'one process for everyone'
}
