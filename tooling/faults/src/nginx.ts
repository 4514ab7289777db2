/** nginx in front of a server: it keeps its connections to it alive, and repeats nothing. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type net from 'node:net'
import { join } from 'node:path'
import { Client } from './client.ts'
import { onTestEnd, temporaryFolder } from './subject.ts'
import { until } from './until.ts'

export const hasNginx: boolean = spawnSync('nginx', ['-v'], { stdio: 'ignore' }).error === undefined

export interface Nginx {
  connect(): Client
  /** A line for each request: the status, and the server's. */
  readonly log: string
}

/** @param kept connections to the server that may be idle */
export async function nginx({ host, port }: net.TcpNetConnectOpts, kept: number): Promise<Nginx> {
  const folder = temporaryFolder()
  const path = join(folder, 'nginx.sock')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 256; }
    http {
      ${temporary}
      log_format upstream '$status $upstream_status';
      access_log ${folder}/access.log upstream;
      upstream app { server ${host}:${port} max_fails=0; keepalive ${kept}; keepalive_timeout 30s; }
      server {
        listen unix:${path};
        location / {
          proxy_pass http://app;
          proxy_http_version 1.1;
          proxy_set_header connection "";
          proxy_next_upstream off;
        }
      }
    }`,
  )
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  onTestEnd(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const connect = (): Client => {
    const client = new Client({ path })
    onTestEnd(() => client.close())
    return client
  }
  await until('nginx to listen', async () => {
    if (child.exitCode !== null) throw new Error(readFileSync(join(folder, 'error.log'), 'utf8'))
    const client = connect()
    await Promise.race([client.connected, client.over])
    return client.error === null
  })
  return {
    connect,
    get log() {
      return readFileSync(join(folder, 'access.log'), 'utf8')
    },
  }
}
