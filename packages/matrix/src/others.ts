/** Servers of others, where they are installed, serving something plain: what ours are compared with. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface OtherServer {
  readonly name: string
  readonly url: string
  stop(): Promise<void>
}

/** How to start one on a port; its files go into the folder. */
interface Recipe {
  readonly name: string
  readonly command: string
  readonly files: (folder: string, port: number) => Readonly<Record<string, string>>
  readonly args: (folder: string, port: number) => readonly string[]
}

const RECIPES: readonly Recipe[] = [
  {
    name: 'nginx',
    command: 'nginx',
    files: (folder, port) => ({
      'index.html': '<p>hello\n',
      'nginx.conf': [
        'daemon off; master_process off; worker_processes 1; error_log stderr crit;',
        `pid ${folder}/nginx.pid; events {}`,
        `http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;`,
        `fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;`,
        `server { listen 127.0.0.1:${port}; root ${folder}; error_page 405 =200 /index.html; } }`,
      ].join('\n'),
    }),
    args: (folder) => ['-p', folder, '-c', `${folder}/nginx.conf`],
  },
  {
    name: 'gunicorn',
    command: 'gunicorn',
    files: () => ({
      'hello.py': [
        'def app(environ, start_response):',
        '    environ["wsgi.input"].read()',
        '    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])',
        '    return [b"hello\\n"]',
      ].join('\n'),
    }),
    args: (folder, port) => [
      '--chdir',
      folder,
      '--bind',
      `127.0.0.1:${port}`,
      '--threads',
      '8',
      '--log-level',
      'critical',
      'hello:app',
    ],
  },
]

/** Those that are installed, started; plain `node:http` is always among them. */
export async function startOthers(): Promise<OtherServer[]> {
  const installed = await Promise.all(RECIPES.map(start))
  return [await plainNode(), ...installed.filter((server) => server !== null)]
}

async function plainNode(): Promise<OtherServer> {
  const server = http.createServer((_request, response) => void response.end('hello\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    name: 'node:http, bare',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function start({ name, command, files, args }: Recipe): Promise<OtherServer | null> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'tsgi-matrix-'))
  for (const [file, content] of Object.entries(files(folder, port))) await writeFile(join(folder, file), content)
  const child = spawn(command, args(folder, port), { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  if (await Promise.race([accepts(port), ended.then(() => false)]))
    return { name, url: `http://127.0.0.1:${port}/`, stop }
  await stop()
  return null
}

/** These servers cannot be asked for any port and say which they got. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function accepts(port: number): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    const socket = net.connect(port, '127.0.0.1')
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (connected) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}
