/**
 * An application that misbehaves on request. How it starts is read from a file at each start, so that a test can change it
 * between two; what it saw is written to another.
 */
import { appendFileSync, readFileSync, writeSync } from 'node:fs'
import type { Application, Environ, StartResponse } from '@tsgi/spec'

export interface ApplicationConfig {
  /** `throw`, `reject in startup`, `never`, `exit`, `die soon`, or else a version that is told. */
  readonly script: string
  readonly journal: string
}

const KIBIBYTES_64 = Buffer.alloc(64 * 1024, 'x')

/** The descriptor may be one that does not wait until there is room. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(fd, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

export default function application({ script, journal }: ApplicationConfig): Application | Promise<Application> {
  const version = readFileSync(script, 'utf8')
  if (version === 'throw') throw new Error('this application is broken')
  if (version === 'exit') process.exit(7)
  if (version === 'never') return new Promise(() => {})
  if (version === 'die soon') setTimeout(() => process.exit(9), 100)
  const note = (text: string): void => appendFileSync(journal, `${text}\n`)
  const routes = routesOf(version, note)
  const app: Application = (environ, startResponse) => {
    const route = routes[environ.pathInfo]
    if (route === undefined) {
      startResponse(404, [])
      return 'no such fault'
    }
    return route(environ, startResponse)
  }
  app.startup = () => {
    if (version === 'reject in startup') throw new Error('its startup is broken')
    note('startup')
  }
  app.shutdown = () => note('shutdown')
  return app
}

function routesOf(version: string, note: (text: string) => void): Readonly<Record<string, Application>> {
  const number = (environ: Environ): number => Number(environ.queryString)
  const ok = (startResponse: StartResponse): void => startResponse(200, ['content-type', 'text/plain'])
  let globals = 'mine'
  return {
    '/who': (environ, startResponse) => {
      ok(startResponse)
      const { multiprocess, runOnce, multithread, remotePort } = environ
      const facts = { pid: process.pid, worker: process.env['TSGI_WORKER'], version, server: environ.server.name }
      return JSON.stringify({ ...facts, multiprocess, multithread, runOnce, remotePort, uid: process.getuid?.() })
    },
    '/loop': () => {
      note(`loop ${process.pid}`)
      for (;;);
    },
    '/hang': (environ) => {
      note(`hang ${process.pid}`)
      environ.server.signal.addEventListener('abort', () => note('hang aborted'))
      return new Promise(() => {})
    },
    '/kill': () => {
      note(`kill ${process.pid}`)
      process.kill(process.pid, 'SIGKILL')
      return new Promise(() => {})
    },
    '/exit': () => process.exit(1),
    '/throw': () => {
      throw new Error('thrown by the application')
    },
    '/throw-later': (_environ, startResponse) => {
      setImmediate(() => {
        throw new Error('thrown out of reach')
      })
      ok(startResponse)
      return 'thrown'
    },
    '/reject-later': (_environ, startResponse) => {
      void Promise.reject(new Error('rejected, and nobody awaits it'))
      ok(startResponse)
      return 'rejected'
    },
    '/half': (_environ, startResponse) => {
      ok(startResponse)
      return (function* () {
        yield 'the first half'
        throw new Error('thrown half-way')
      })()
    },
    /** Answers after so many milliseconds. */
    '/slow': async (environ, startResponse) => {
      await new Promise((resolve) => setTimeout(resolve, number(environ)))
      ok(startResponse)
      return `slow ${process.pid}`
    },
    /** Keeps the processor busy for so many milliseconds. */
    '/spin': (environ, startResponse) => {
      const end = performance.now() + number(environ)
      while (performance.now() < end);
      ok(startResponse)
      return 'spun'
    },
    /** So many chunks, one every 50 ms. */
    '/stream': (environ, startResponse) => {
      ok(startResponse)
      return (async function* () {
        for (let chunk = 1; chunk <= number(environ); chunk++) {
          yield `chunk ${chunk}\n`
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      })()
    },
    /** So many chunks that say whose they are, with so many milliseconds between two: `id,chunks,pause`. */
    '/flow': (environ, startResponse) => {
      const [id, chunks, pause] = environ.queryString.split(',')
      startResponse(200, ['x-pid', String(process.pid)])
      if (chunks === '1') return `${id}:0;`
      return (async function* () {
        for (let chunk = 0; chunk < Number(chunks); chunk++) {
          yield `${id}:${chunk};`
          await new Promise((resolve) => setTimeout(resolve, Number(pause)))
        }
      })()
    },
    /** The length and a checksum of the body. */
    '/sum': async (environ, startResponse) => {
      let [length, sum] = [0, 0]
      for await (const piece of environ.input) {
        length += piece.length
        for (const byte of piece) sum = (sum * 31 + byte) % 1_000_003
      }
      startResponse(200, ['x-pid', String(process.pid)])
      return `${length} ${sum}`
    },
    /** So many times 64 KiB. */
    '/big': (environ, startResponse) => {
      ok(startResponse)
      return (function* () {
        for (let left = number(environ); left > 0; left--) yield KIBIBYTES_64
      })()
    },
    '/upload': async (environ, startResponse) => {
      environ.server.signal.addEventListener('abort', () => note('upload aborted'))
      let size = 0
      try {
        for await (const chunk of environ.input) {
          if (size === 0) note('upload begun')
          size += chunk.length
        }
      } catch (error) {
        note(`upload rejected ${(error as { readonly status?: number }).status}`)
        throw error
      }
      ok(startResponse)
      return String(size)
    },
    /** Until it dies. */
    '/leak': () => {
      const kept: unknown[] = []
      for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => ({ i })))
    },
    '/overwrite': (_environ, startResponse) => {
      globals = 'overwritten'
      JSON.stringify = () => 'overwritten'
      ok(startResponse)
      return globals
    },
    '/read-global': (_environ, startResponse) => {
      ok(startResponse)
      return globals
    },
    /** Writes to a descriptor that the process has inherited: `fd,text`. */
    '/descriptor': (environ, startResponse) => {
      const [fd, text = ''] = environ.queryString.split(',')
      ok(startResponse)
      writeWhole(Number(fd), decodeURIComponent(text))
      return 'written'
    },
    /** The same, without end. */
    '/flood': (environ) => {
      const [fd, text = ''] = environ.queryString.split(',')
      const piece = decodeURIComponent(text).repeat(Math.ceil(60_000 / text.length))
      const flood = (): void => {
        writeWhole(Number(fd), piece)
        setImmediate(flood)
      }
      flood()
      return new Promise(() => {})
    },
    '/console': (_environ, startResponse) => {
      console.log('x'.repeat(1_000))
      console.error('x'.repeat(1_000))
      process.stdout.write('written\n')
      process.stderr.write('written\n')
      ok(startResponse)
      return 'said'
    },
  }
}
