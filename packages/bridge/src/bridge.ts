import { isPromise, type Application, type Awaitable, type Body, type Environ, type StartResponse } from '@tsgi/spec'
import { Call } from './call.ts'
import { hasGoodEscapes } from './environ-block.ts'
import type { Language } from './language.ts'
import { poolSettings, type BridgeOptions } from './options.ts'
import { Pool } from './pool.ts'
import { receiveBody, type RequestBody } from './request-body.ts'
import { reportLoaded } from './report-loaded.ts'

/**
 * An application that is written in another language. Its processes start with `startup` and end with `shutdown`.
 *
 * @param app what the worker takes for the name of an application
 * @throws BridgeError `TSGI_ERR_BRIDGE_OPTION`
 */
export function bridge(language: Language, app: string, options: BridgeOptions = {}): Application {
  const pool = new Pool(language, app, poolSettings(options), reportLoaded)
  let lastId = 0

  const application: Application = (environ, startResponse) => {
    if (!hasGoodEscapes(environ.scriptName + environ.pathInfo)) {
      startResponse(400, ['content-type', 'text/plain; charset=utf-8'])
      return 'The path has a bad escape.\n'
    }
    lastId = (lastId + 1) >>> 0
    const id = lastId
    const body = receiveBody(environ)
    return isPromise(body)
      ? body.then((body) => run(pool, id, environ, body, startResponse))
      : run(pool, id, environ, body, startResponse)
  }
  application.startup = async () => void (await pool.start())
  application.shutdown = () => pool.stop()
  return application
}

function run(
  pool: Pool,
  id: number,
  environ: Environ,
  body: RequestBody,
  startResponse: StartResponse,
): Awaitable<Body> {
  return new Promise((resolve, reject) => {
    const call = new Call(id, environ, body, startResponse, resolve, reject)
    environ.server.onFinish((error) => {
      call.over = true
      if (error !== undefined) pool.cancel(call)
      if (body !== null && 'release' in body) void body.release?.()
    })
    if (call.over) call.abandon()
    else pool.dispatch(call)
  })
}
