/** All workloads as a bare TSGI application. */
import { join } from 'node:path'
import { header, type Application, type Body, type Environ, type StartResponse } from '@tsgi/spec'
import { mountStatic } from '@tsgi/static-files'
import { GREETING, randomId, rowCount, STREAM_CHUNKS, streamChunk, withAdded } from '../data/content.ts'
import { benchFolder } from '../data/places.ts'
import { receive } from '../data/received.ts'
import { openStore } from '../data/store.ts'

const TEXT = ['content-type', 'text/plain']
const HTML = ['content-type', 'text/html; charset=utf-8']
const JSON_TYPE = ['content-type', 'application/json']
const store = await openStore()

const application: Application = (environ, startResponse) => {
  switch (environ.pathInfo) {
    case '/plaintext':
      startResponse(200, TEXT)
      return GREETING
    case '/json':
      return json(startResponse, { message: GREETING })
    case '/db':
      return database(startResponse)
    case '/queries':
      return queries(environ, startResponse)
    case '/updates':
      return updates(environ, startResponse)
    case '/fortunes':
      return fortunes(startResponse)
    case '/upload':
      return upload(environ, startResponse)
    case '/stream':
      startResponse(200, TEXT)
      return stream()
    default:
      return parameter(environ, startResponse)
  }
}

function json(startResponse: StartResponse, value: unknown): Body {
  startResponse(200, JSON_TYPE)
  return JSON.stringify(value)
}

function parameter(environ: Environ, startResponse: StartResponse): Body {
  const [, route, id] = /^\/(r\d{1,2})\/([^/]+)$/.exec(environ.pathInfo) ?? []
  if (route === undefined || id === undefined) {
    startResponse(404, TEXT)
    return 'Not found'
  }
  startResponse(200, TEXT)
  return `${route}:${decodeURIComponent(id)}`
}

async function database(startResponse: StartResponse): Promise<Body> {
  return json(startResponse, await store.world(randomId()))
}

const countAsked = (environ: Environ): number => rowCount(new URLSearchParams(environ.queryString).get('queries'))

async function queries(environ: Environ, startResponse: StartResponse): Promise<Body> {
  const ids = Array.from({ length: countAsked(environ) }, randomId)
  return json(startResponse, await Promise.all(ids.map((id) => store.world(id))))
}

async function updates(environ: Environ, startResponse: StartResponse): Promise<Body> {
  return json(startResponse, await store.update(countAsked(environ)))
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter)

async function fortunes(startResponse: StartResponse): Promise<Body> {
  const rows = withAdded(await store.fortunes())
    .map(({ id, message }) => `<tr><td>${id}</td><td>${escaped(message)}</td></tr>`)
    .join('')
  startResponse(200, HTML)
  return `<!DOCTYPE html><html><head><title>Fortunes</title></head><body><table><tr><th>id</th><th>message</th></tr>${rows}</table></body></html>`
}

async function upload(environ: Environ, startResponse: StartResponse): Promise<Body> {
  return json(startResponse, await receive(environ.input, header(environ.headers, 'x-crc') !== undefined))
}

async function* stream(): AsyncGenerator<string> {
  for (let at = 0; at < STREAM_CHUNKS; at++) yield streamChunk(at)
}

application.shutdown = () => store.close()

const whole: Application = mountStatic('/files', join(benchFolder(), 'files'), { fallback: application })

export default whole
