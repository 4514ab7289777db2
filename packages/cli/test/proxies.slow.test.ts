/** The lines of README.md for nginx and HAProxy, in real ones, against clients that write these fields themselves. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { json, text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@tsgi/free-port'
import { writeUwsgiPacket } from '@tsgi/cgi'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ECHO, Folder } from './command.ts'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The block of README.md in this language. */
function documented(language: string): string {
  const lines = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(README)?.[1]
  if (lines === undefined) throw new Error(`README.md has no block of ${language}`)
  return lines
}

interface Proxy {
  readonly program: string
  /** Asks the program for its version, to see whether it is there. */
  readonly version: string
  readonly args: (configuration: string) => string[]
  readonly configure: (lines: string, listen: string, app: number, folder: string) => string
}

const PROXIES: Readonly<Record<string, Proxy>> = {
  nginx: {
    program: 'nginx',
    version: '-v',
    args: (configuration) => ['-c', configuration],
    configure: (lines, listen, app, folder) => `
      daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
        server { listen ${listen}; location / { proxy_pass http://127.0.0.1:${app}; ${lines} } }
      }`,
  },
  haproxy: {
    program: 'haproxy',
    version: '-v',
    args: (configuration) => ['-db', '-f', configuration],
    configure: (lines, listen, app) => `
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
listen site
  bind ${listen}
${lines.replace(/^/gm, '  ')}
  server app 127.0.0.1:${app}
`,
  },
}

const isThere = ({ program, version }: Proxy): boolean =>
  spawnSync(program, [version], { stdio: 'ignore' }).error === undefined

/** Another than the proxy's, which alone is trusted. */
const CLIENT = '127.1.1.1'

describe('forwarding fields', () => {
  for (const [name, proxy] of Object.entries(PROXIES)) {
    const there = isThere(proxy)
    it.skipIf(!there)(
      `behind ${there ? name : `${name} (skipped: no ${name})`}, as documented, are the proxy's own`,
      async () => {
        const seen = await ask(name, proxy, ['--forwarded-allow-ips', '127.0.0.1'], (lines) => lines)
        expect(seen).toMatchObject({ serverName: 'site.example', urlScheme: 'http' })
        // What the client wrote stands before the address that the proxy saw, and only that one is believed.
        expect(seen.remoteAddr).toBe(CLIENT)
        expect(JSON.stringify(seen)).not.toContain('attacker.example')
        expect(JSON.stringify(seen)).not.toContain('attacker.example')
      },
    )
  }

  const nginx = PROXIES['nginx'] as Proxy
  it.skipIf(!isThere(nginx))('behind nginx say the host that it was asked for, where it sets that', async () => {
    const own = (lines: string): string =>
      lines
        .replace('X-Forwarded-Host "";', 'X-Forwarded-Host $http_host;')
        .replace('proxy_set_header Host $http_host;', 'proxy_set_header Host internal.example;')
    const flags = ['--forwarded-allow-ips', '127.0.0.1', '--forwarded-fields', 'for,proto,host']
    expect(await ask('nginx', nginx, flags, own)).toMatchObject({ serverName: 'site.example' })
    const believing = await ask('nginx', nginx, flags.slice(0, 2), own)
    expect(believing).toMatchObject({ serverName: 'internal.example' })
  })
})

describe('the PROXY protocol', () => {
  const haproxy = PROXIES['haproxy'] as Proxy
  const there = isThere(haproxy)
  it.skipIf(!there).each([
    ['send-proxy', ['--proxy-protocol'], CLIENT],
    ['send-proxy-v2', ['--proxy-protocol'], CLIENT],
    // HAProxy asks by itself whether the server is there, and says LOCAL or UNKNOWN.
    ['send-proxy-v2 check check-send-proxy inter 100ms', ['--proxy-protocol'], CLIENT],
  ])(`of HAProxy${there ? '' : ' (skipped: no haproxy)'}, by %s, names the client`, async (option, flags, expected) => {
    const passing: Proxy = { ...haproxy, configure: (_, listen, app) => passThrough(listen, app, option) }
    const seen = await ask('haproxy', passing, [...flags, '--forwarded-allow-ips', '127.0.0.1'], (lines) => lines)
    expect(seen.remoteAddr).toBe(expected)
  })

  it.skipIf(!there)(`of HAProxy${there ? '' : ' (skipped: no haproxy)'} stands before uwsgi as well`, async () => {
    using folder = new Folder({ 'app.js': ECHO })
    await using tsgi = folder.tsgi(['serve', 'app.js', '-b', 'uwsgi://127.0.0.1:0?proxy-protocol'])
    const [, app] = await tsgi.said(/uwsgi:\/\/127\.0\.0\.1:(\d+)/)
    const listen = { address: '127.0.0.1', port: await freePort() }
    folder.write({ 'proxy.conf': passThrough(`${listen.address}:${listen.port}`, Number(app), 'send-proxy-v2') })
    const child = spawn(haproxy.program, haproxy.args(folder.file('proxy.conf')), { stdio: ['ignore', 'pipe', 'pipe'] })
    onTestFinished(() => stop(child))
    await listening(listen, child, () => '')
    const socket = net.connect(listen.port, listen.address)
    socket.write(writeUwsgiPacket(['REQUEST_METHOD', 'GET', 'REQUEST_URI', '/here', 'REMOTE_ADDR', '203.0.113.5']))
    const answer = await text(socket)
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      pathInfo: '/here',
      remoteAddr: '203.0.113.5',
    })
  })
})

/** Passes bytes on as they are. */
const passThrough = (listen: string, app: number, option: string): string => `
defaults
  mode tcp
  timeout connect 5s
  timeout client 30s
  timeout server 30s
listen site
  bind ${listen}
  server app 127.0.0.1:${app} ${option}
`

interface Seen {
  readonly serverName: string
  readonly urlScheme: string
  readonly remoteAddr: string
}

/** What an application behind the proxy sees of a client that writes all forwarded fields. */
async function ask(
  language: string,
  { program, args, configure }: Proxy,
  flags: readonly string[],
  change: (lines: string) => string,
): Promise<Seen> {
  using folder = new Folder({ 'app.js': ECHO })
  await using tsgi = folder.tsgi(['serve', 'app.js', '-p', '0', ...flags])
  const app = Number(new URL(await tsgi.url()).port)
  const listen = { address: '127.0.0.1', port: await freePort() }
  const configuration = configure(change(documented(language)), `${listen.address}:${listen.port}`, app, folder.path)
  folder.write({ 'proxy.conf': configuration })
  const child = spawn(program, args(folder.file('proxy.conf')), { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => stop(child))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)))
  await listening(listen, child, () => said)
  const request = http.get({
    host: listen.address,
    port: listen.port,
    localAddress: CLIENT,
    agent: false,
    headers: {
      host: 'site.example',
      'x-forwarded-for': '203.0.113.66',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'attacker.example',
      forwarded: 'for=203.0.113.66;proto=https;host=attacker.example',
    },
  })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  expect(response.statusCode).toBe(200)
  return (await json(response)) as Seen
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

async function listening(
  { address, port }: Pick<net.AddressInfo, 'address' | 'port'>,
  child: ChildProcess,
  said: () => string,
): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said()}`)
    const socket = net.connect(port, address)
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (open) return
    await sleep(20)
  }
}
