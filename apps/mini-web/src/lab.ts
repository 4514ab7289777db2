/**
 * What a server does when the process that serves you is killed, hangs, leaks or is reloaded: to be tried by hand, while you
 * develop. Never in production: `app.ts` mounts it in development only.
 */
import { HttpError, json, type Context, type Mini, type Reply } from '@tsgi/framework-mini'
import { refuseCrossSite } from './cross-site.ts'
import { labPage } from './lab-page.ts'

/** A hung process ends by itself after this, in milliseconds, where no server ends it before. */
const LONGEST_HANG = 15_000
const LEAK_SIZE = 32 * 1024 * 1024

const startedAt = Date.now()
const leaked: Buffer[] = []
let answered = 0

export function lab(app: Mini): void {
  app.get('/lab', labPage)
  app.get('/lab/pulse', pulse)
  app.post('/lab/kill', fromHere(kill))
  app.post('/lab/hang', fromHere(hang))
  app.post('/lab/leak', fromHere(leak))
  app.post('/lab/reload', fromHere(reload))
}

/** Who answers, and how it is. */
function pulse({ environ }: Context): Reply {
  answered += 1
  const body = {
    pid: process.pid,
    server: environ.server.name,
    answered,
    age: Math.round((Date.now() - startedAt) / 100) / 10,
    megabytes: Math.round(process.memoryUsage.rss() / 1024 / 1024),
  }
  return json(body, { headers: ['cache-control', 'no-store'] })
}

/** At once, as the kernel does when memory is short: this very request is lost. */
function kill(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new HttpError(500, 'The process is gone.')
}

function hang({ environ }: Context): Reply {
  const end = Date.now() + LONGEST_HANG
  while (Date.now() < end);
  return json({ said: `${process.pid} hung for ${LONGEST_HANG / 1000} seconds. ${environ.server.name} let it.` })
}

function leak(): Reply {
  leaked.push(Buffer.alloc(LEAK_SIZE, 1))
  return json({ said: `${process.pid} keeps ${leaked.length * 32} MB that it will never use.` })
}

/** By the signal that a deploy sends to the supervisor, which is the parent of whoever serves. */
function reload({ environ }: Context): Reply {
  if (!environ.multiprocess) {
    throw new HttpError(409, 'One process alone cannot be replaced without a gap: nobody would listen meanwhile.')
  }
  process.kill(process.ppid, 'SIGHUP')
  return json({ said: `The supervisor, ${process.ppid}, was asked to reload.` })
}

/** Refuses what another site's page might send to this machine. */
function fromHere(handler: (context: Context) => Reply): (context: Context) => Reply {
  return (context) => {
    refuseCrossSite(context, 'The lab takes orders from its own page only.')
    return handler(context)
  }
}
