/**
 * Reloads pages when the server was started again, as a layer: `tsgi/live-reload`. Pages get a script at their end, which waits
 * for word of a process other than the one that made the page.
 */
import { setDevelopmentScript } from '@tsgi/error-page'
import type { Layer } from '@tsgi/loader'
import { isPromise, withLifespan, type Application, type StartResponse, type StreamingBody } from '@tsgi/spec'
import { CLIENT, EVENTS_PATH, SCRIPT_PATH } from './live-reload-client.ts'
import { asksForPage, isOpenPage, lengthened, withLastChunk } from './page-injection.ts'

/** An open stream would hold up an end in order; the browser connects again. In milliseconds. */
const STREAM_LIFE = 15_000

/** How soon a browser connects again, in milliseconds. */
const RETRY = 150

/** Differs between processes, also where a process gets the number of a former one. */
const PROCESS = `${process.pid}-${Math.round(performance.timeOrigin)}`

const TAG = `<script src="${SCRIPT_PATH}?by=${PROCESS}"></script>\n`

const liveReload: Layer<null> = (application) => {
  if (application === null) throw new TypeError('expected an application behind the live reload, got none')
  // Pages of errors are made by the server, which is in front of this.
  setDevelopmentScript(`${SCRIPT_PATH}?by=${PROCESS}`)
  const reloading: Application = (environ, startResponse) => {
    if (environ.pathInfo === SCRIPT_PATH) return script(startResponse)
    if (environ.pathInfo === EVENTS_PATH) return events(environ.server.signal, startResponse)
    if (!asksForPage(environ)) return application(environ, startResponse)
    let isPage = false
    const body = application(environ, (status, headers, ...rest) => {
      isPage = isOpenPage(status, headers)
      startResponse(status, isPage ? lengthened(headers, TAG.length) : headers, ...rest)
    })
    const last = () => (isPage ? TAG : undefined)
    return isPromise(body) ? body.then((settled) => withLastChunk(settled, last)) : withLastChunk(body, last)
  }
  return withLifespan(reloading, application)
}

export default liveReload

function script(startResponse: StartResponse): string {
  startResponse(200, ['content-type', 'text/javascript; charset=utf-8', 'cache-control', 'no-cache'])
  return CLIENT
}

/** Says which process serves, then stays open: that it closes is how the browser learns that the process ends. */
function events(signal: AbortSignal, startResponse: StartResponse): StreamingBody {
  startResponse(200, ['content-type', 'text/event-stream', 'cache-control', 'no-store'])
  return async (out) => {
    await out.write(`retry: ${RETRY}\ndata: ${PROCESS}\n\n`)
    await out.flush()
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        streams.delete(end)
        if (streams.size === 0) process.off('SIGTERM', endStreams)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, STREAM_LIFE)
      signal.addEventListener('abort', end)
      if (streams.size === 0) process.on('SIGTERM', endStreams)
      streams.add(end)
    })
  }
}

/** What ends each open stream. */
const streams = new Set<() => void>()

function endStreams(): void {
  for (const end of streams) end()
}
