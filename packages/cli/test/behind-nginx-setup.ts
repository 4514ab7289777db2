/** An application, and the files of docs/behind-nginx.md in a real nginx before it. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { buffer } from 'node:stream/consumers'
import { freePort } from '@tsgi/free-port'
import { onTestFinished } from 'vitest'
import { Folder, type Running } from './command.ts'

export const DOCUMENT: string = readFileSync(new URL('../../../docs/behind-nginx.md', import.meta.url), 'utf8')

export type Way = 'http' | 'uwsgi' | 'fastcgi'
export const WAYS: readonly Way[] = ['http', 'uwsgi', 'fastcgi']

export const hasNginx: boolean = spawnSync('nginx', ['-v'], { stdio: 'ignore' }).error === undefined

/** The file that the document has for this way. */
export function documented(way: Way): string {
  const file = new RegExp(`\`\`\`nginx\\n# ${way}\\n([^]*?)\`\`\``).exec(DOCUMENT)?.[1]
  if (file === undefined) throw new Error(`docs/behind-nginx.md has no block for ${way}`)
  return file
}

/** The address that the document gives the server for this way. */
export const documentedAddress = (way: Way): string => `${way === 'http' ? '' : `${way}+`}unix:/run/site/app.sock`

export const APPLICATION = `
let aborted = 0
let release = Promise.withResolvers()
export default async (environ, startResponse) => {
  const { pathInfo: path, queryString: query } = environ
  switch (path) {
    case '/env': {
      const { input, errors, server, ...data } = environ
      startResponse(200, ['content-type', 'application/json'])
      return JSON.stringify(data)
    }
    case '/mirror': {
      const parts = []
      for await (const bytes of environ.input) parts.push(bytes)
      startResponse(200, ['content-type', 'application/octet-stream'])
      return parts
    }
    case '/cookies':
      startResponse(200, ['set-cookie', 'a=1', 'set-cookie', 'b=2; Path=/'])
      return ''
    case '/nothing':
      startResponse(204, [])
      return null
    case '/same':
      startResponse(304, ['etag', '"x"'])
      return null
    case '/events/live':
      startResponse(200, ['content-type', 'text/event-stream'])
      return (async function* () {
        yield 'data: one\\n\\n'
        await release.promise
        yield 'data: two\\n\\n'
      })()
    case '/release':
      release.resolve()
      startResponse(200, [])
      return 'released'
    case '/slow':
      await new Promise((resolve) => setTimeout(resolve, 700))
      startResponse(200, [])
      return 'slow'
    case '/stuck':
      await new Promise((resolve) => environ.server.signal.addEventListener('abort', resolve))
      aborted++
      return null
    case '/aborted':
      startResponse(200, [])
      return String(aborted)
    case '/break':
      startResponse(200, query === 'declared' ? ['content-length', '1000000'] : [])
      return (async function* () {
        yield 'x'.repeat(10000)
        await new Promise((resolve) => setTimeout(resolve, 100))
        throw new Error('it breaks')
      })()
    case '/pid':
      startResponse(200, [])
      return String(process.pid)
    default:
      startResponse(200, ['content-type', 'text/plain'])
      return 'hello'
  }
}`

export interface Site {
  readonly tsgi: Running
  readonly folder: Folder
  readonly port: number
  get(path: string, options?: http.RequestOptions, body?: Uint8Array): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
  /** The response arrived whole. */
  readonly whole: boolean
}

/** The application by this server, behind nginx as documented. @param tcp listens on a port and no unix socket */
export async function site(way: Way, flags: readonly string[] = [], tcp = false): Promise<Site> {
  const folder = new Folder({ 'app.js': APPLICATION, 'static/file.txt': '0123456789' })
  onTestFinished(() => folder[Symbol.dispose]())
  const place = tcp ? `127.0.0.1:${await freePort()}` : `unix:${folder.file('app.sock')}`
  const scheme = way === 'http' ? '' : tcp ? `${way}://` : `${way}+`
  const tsgi = folder.tsgi(['serve', 'app.js', '-b', `${scheme}${place}`, ...flags])
  onTestFinished(() => tsgi[Symbol.asyncDispose]())
  await tsgi.said(/listening on/)
  const port = await freePort()
  mkdirSync(folder.file('nginx'))
  const own = folder.file('nginx')
  folder.write({
    'nginx.conf': `
      daemon off; master_process off; pid ${own}/pid; error_log stderr warn;
      events { worker_connections 256; }
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${own}/${name};`).join('\n')}
        ${documented(way)
          .replaceAll('unix:/run/site/app.sock', place)
          .replaceAll('listen 80;', `listen 127.0.0.1:${port};`)
          .replaceAll('/srv/site/static/', folder.file('static/'))
          .replaceAll(/include (\w+_params)/g, 'include /etc/nginx/$1')}
      }`,
  })
  const nginx = folder.program('nginx', ['-p', own, '-c', folder.file('nginx.conf')])
  onTestFinished(() => nginx[Symbol.asyncDispose]())
  const agent = new http.Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const get: Site['get'] = async (path, options = {}, body) => {
    const request = http.request({ host: '127.0.0.1', port, path, agent, ...options })
    request.end(body)
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    const bytes = await buffer(response).catch(() => Buffer.alloc(0))
    return { status: response.statusCode ?? 0, headers: response.headers, body: bytes, whole: response.complete }
  }
  for (;;) {
    if (nginx.child.exitCode !== null) throw new Error(`nginx ended: ${nginx.stderr}`)
    try {
      await get('/')
      return { tsgi, folder, port, get }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
