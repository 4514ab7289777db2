import type { Application } from '@tsgi/spec'
import { describe, expect, it } from 'vitest'
import type { Found } from './load.ts'
import { misreadHint } from './misread-hint.ts'

const found = (application: (...args: never) => unknown, changes: Partial<Found> = {}): Found => ({
  application: application as unknown as Application,
  kind: 'tsgi',
  what: 'a TSGI function',
  export: 'default',
  guessed: true,
  alsoListening: () => [],
  ...changes,
})

/** What a function throws when it is called as a TSGI application. */
function failureOf(application: (...args: never) => unknown): unknown {
  const startResponse = (status: unknown) => {
    if (!Number.isInteger(status)) {
      throw Object.assign(new Error(`a status is a whole number from 200 to 599; came ${String(status)}`), {
        code: 'TSGI_ERR_RESPONSE',
      })
    }
  }
  try {
    ;(application as (environ: object, startResponse: unknown) => unknown)(
      { pathInfo: '/', headers: [] },
      startResponse,
    )
  } catch (error) {
    return error
  }
  return undefined
}

describe('misreadHint', () => {
  it.each([
    ['a Node listener', (_req: unknown, res: { end(): void }) => res.end(), 'node'],
    [
      'a WSGI-style function',
      (environ: { PATH_INFO: string }, start_response: (status: string, headers: unknown[]) => void) => {
        start_response('200 OK', [])
        return [environ.PATH_INFO]
      },
      'wsgi',
    ],
    [
      'a WSGI-style function that fails before',
      (environ: { PATH_INFO: string }, _start_response: unknown) => [environ.PATH_INFO.split('/')],
      'wsgi',
    ],
    [
      'a fetch handler',
      (request: { headers: { get(name: string): string } }, _env: unknown) => new Response(request.headers.get('host')),
      'fetch',
    ],
  ] as [string, (...args: never) => unknown, string][])('knows %s by its failure', (_name, application, kind) => {
    const error = failureOf(application)
    expect(error).toBeInstanceOf(Error)
    expect(misreadHint(error, found(application))).toContain(`add --as ${kind}`)
  })

  it('says nothing of other failures', () => {
    const application = (environ: { nothing: { here: string } }, _startResponse: unknown) => environ.nothing.here
    expect(misreadHint(failureOf(application), found(application))).toBeUndefined()
    expect(misreadHint(new Error('no database'), found(application))).toBeUndefined()
  })

  it('says nothing where somebody said what it is', () => {
    const application = (_req: unknown, res: { end(): void }) => res.end()
    const error = failureOf(application)
    expect(misreadHint(error, found(application))).toContain('--as node')
    expect(misreadHint(error, found(application, { guessed: false }))).toBeUndefined()
    expect(misreadHint(error, found(application, { kind: 'node' }))).toBeUndefined()
  })
})
