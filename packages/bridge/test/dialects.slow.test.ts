import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { python } from '../src/index.ts'
import { FIXTURES, PYTHON, serve, type Served } from './serving.ts'

const APP = 'environ_as_json'

const UWSGI_OPTIONS = ['--die-on-term', '--need-app', '--pythonpath', FIXTURES, '--module', APP]

/** Servers of Python's, each on a socket in a folder of this test. */
const PEERS: Readonly<Record<string, (socket: string) => readonly [program: string, ...parameters: string[]]>> = {
  gunicorn: (socket) => ['gunicorn', '-b', `unix:${socket}`, '--pythonpath', FIXTURES, `${APP}:application`],
  waitress: (socket) => ['waitress-serve', `--unix-socket=${socket}`, `${APP}:application`],
  uWSGI: (socket) => ['uwsgi', '--plugins', 'python3', '--http-socket', socket, ...UWSGI_OPTIONS],
}

const isInstalled = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** What an application sees of a request: of some keys, `undefined` where one is missing; a number is a status. */
type Seen = Readonly<Record<string, string | undefined>> | number

interface Difference {
  /** Why the bridge does as it does. */
  readonly reason: string
  readonly request: string
  readonly bridge: Seen
  readonly peers: Readonly<Record<string, Seen>>
}

const get = (target: string, ...fields: readonly string[]) =>
  [`GET ${target} HTTP/1.1`, 'Host: example.com', ...fields, 'Connection: close', '', ''].join('\r\n')

const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'X_A and X-A would meet in one key, and a proxy that checks one would let the other pass',
    request: get('/', 'X-A: 1', 'X-A: 2', 'X_A: evil'),
    bridge: { HTTP_X_A: '1, 2' },
    peers: { gunicorn: { HTTP_X_A: '1,2,evil' }, waitress: { HTTP_X_A: '1, 2' }, uWSGI: { HTTP_X_A: '1, 2, evil' } },
  },
  {
    reason: 'HTTP_PROXY is what libraries take for the proxy of their own requests (httpoxy)',
    request: get('/', 'Proxy: http://evil'),
    bridge: { HTTP_PROXY: undefined },
    peers: {
      gunicorn: { HTTP_PROXY: 'http://evil' },
      waitress: { HTTP_PROXY: 'http://evil' },
      uWSGI: { HTTP_PROXY: 'http://evil' },
    },
  },
  {
    reason: 'lines of Cookie are joined by a semicolon (RFC 6265 §5.4)',
    request: get('/', 'Cookie: a=1', 'Cookie: b=2'),
    bridge: { HTTP_COOKIE: 'a=1; b=2' },
    peers: {
      gunicorn: { HTTP_COOKIE: 'a=1,b=2' },
      waitress: { HTTP_COOKIE: 'a=1, b=2' },
      uWSGI: { HTTP_COOKIE: 'a=1, b=2' },
    },
  },
  {
    reason: 'the authority of an absolute target wins over Host (RFC 9112 §3.2.2)',
    request: get('http://other.example:81/page'),
    bridge: { HTTP_HOST: 'other.example:81', PATH_INFO: '/page' },
    peers: {
      gunicorn: { HTTP_HOST: 'example.com', PATH_INFO: '/page' },
      waitress: { HTTP_HOST: 'example.com', PATH_INFO: '/page' },
      uWSGI: { HTTP_HOST: 'example.com', PATH_INFO: 'http://other.example:81/page' },
    },
  },
  {
    reason: 'a body that comes in chunks is received first, so that frameworks that go by CONTENT_LENGTH read it',
    request: get('/', 'Transfer-Encoding: chunked').replace('GET', 'POST') + '3\r\nabc\r\n0\r\n\r\n',
    bridge: { CONTENT_LENGTH: '3', HTTP_TRANSFER_ENCODING: undefined },
    peers: {
      gunicorn: { CONTENT_LENGTH: undefined, HTTP_TRANSFER_ENCODING: 'chunked' },
      waitress: { CONTENT_LENGTH: '3', HTTP_TRANSFER_ENCODING: undefined },
      uWSGI: { CONTENT_LENGTH: undefined, HTTP_TRANSFER_ENCODING: 'chunked' },
    },
  },
  {
    reason: 'a path with a bad escape has no meaning that two programs would agree on (SPEC P.3)',
    request: get('/%zz'),
    bridge: 400,
    peers: { gunicorn: { PATH_INFO: '/%zz' }, waitress: { PATH_INFO: '/%zz' }, uWSGI: { PATH_INFO: '/\0' } },
  },
  {
    reason: 'paths are passed as they are, and not tidied up',
    request: get('//a/../b'),
    bridge: { PATH_INFO: '//a/../b' },
    peers: {
      gunicorn: { PATH_INFO: '//a/../b' },
      waitress: { PATH_INFO: '/a/../b' },
      uWSGI: { PATH_INFO: '//b' },
    },
  },
  {
    reason: 'SERVER_NAME and SERVER_PORT are what the client asked for (PEP 3333, "environ Variables")',
    request: get('/').replace('example.com', 'example.com:8080'),
    bridge: { SERVER_NAME: 'example.com', SERVER_PORT: '8080' },
    peers: {},
  },
]

/** Asks on a connection of its own. */
async function ask(
  where: NetConnectOpts,
  request: string,
): Promise<{ status: number; environ: Record<string, string> }> {
  const socket = connect(where)
  socket.write(request)
  const answer = await text(socket)
  const [, status = '0'] = /^HTTP\/1\.\d (\d{3})/.exec(answer) ?? []
  // Whatever frames it, the JSON is the part between the outermost braces.
  const environ = status === '200' ? JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) : {}
  return { status: Number(status), environ }
}

const seen = (expected: Seen, { status, environ }: Awaited<ReturnType<typeof ask>>): Seen =>
  typeof expected === 'number' || status !== 200
    ? status
    : Object.fromEntries(Object.keys(expected).map((key) => [key, environ[key]]))

describe.skipIf(PYTHON === undefined)('the environ of a worker', () => {
  let folder: string
  let served: Served
  const running: ChildProcess[] = []
  const socketOf = (peer: string) => join(folder, `${peer}.sock`)
  const installed = Object.entries(PEERS).filter(([, command]) => isInstalled(command('')[0]))

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tsgi-dialects-'))
    served = await serve(python(`${APP}:application`, { cwd: FIXTURES, python: PYTHON }), 'closed')
    for (const [peer, command] of installed) {
      const [program, ...parameters] = command(socketOf(peer))
      const env = { ...process.env, PYTHONPATH: FIXTURES, PYTHONDONTWRITEBYTECODE: '1' }
      running.push(spawn(program, parameters, { env, stdio: 'ignore' }))
    }
    for (const [peer] of installed) {
      while (!existsSync(socketOf(peer))) await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }, 60_000)
  afterAll(async () => {
    await served?.close()
    for (const child of running) child.kill('SIGTERM')
    await Promise.all(
      running.map(
        (child) => child.exitCode ?? child.signalCode ?? new Promise((resolve) => child.once('exit', resolve)),
      ),
    )
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(DIFFERENCES)('is as it is because $reason', async ({ request, bridge }) => {
    const port = Number(new URL(served.url).port)
    expect(seen(bridge, await ask({ host: '127.0.0.1', port }, request))).toEqual(bridge)
  })

  for (const peer of Object.keys(PEERS)) {
    const isHere = installed.some(([name]) => name === peer)
    const differences = DIFFERENCES.filter(({ peers }) => peers[peer] !== undefined)
    if (!isHere) it.skip(`is compared with that of ${peer} (skipped: no ${peer})`)
    else {
      it.each(differences)(`is compared with that of ${peer}: $reason`, async ({ request, peers }) => {
        const expected = peers[peer] as Seen
        expect(seen(expected, await ask({ path: socketOf(peer) }, request))).toEqual(expected)
      })
    }
  }
})
