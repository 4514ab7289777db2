/** Proxies that hand a WebSocket on, each configured as its documentation has it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@tsgi/free-port'
import { onTestFinished } from 'vitest'

export interface Proxy {
  readonly program: string
  readonly args: (configuration: string) => readonly string[]
  readonly configuration: (port: number, target: string, folder: string) => string
}

export const PROXIES: Readonly<Record<string, Proxy>> = {
  nginx: {
    program: 'nginx',
    args: (configuration) => ['-c', configuration],
    configuration: (port, target, folder) => `
      daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
        map $http_upgrade $connection_upgrade { default upgrade; '' close; }
        server {
          listen 127.0.0.1:${port};
          location / {
            proxy_pass ${target};
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
          }
        }
      }`,
  },
  haproxy: {
    program: 'haproxy',
    args: (configuration) => ['-db', '-f', configuration],
    configuration: (port, target) => `
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tunnel 1h
listen site
  bind 127.0.0.1:${port}
  server app ${target.replace('http://', '')}
`,
  },
}

export const isThere = ({ program }: Proxy): boolean =>
  spawnSync(program, ['-v'], { stdio: 'ignore' }).error === undefined

/** Starts a proxy in front of `target`, for the time of a test. @returns its URL */
export async function proxied({ program, args, configuration }: Proxy, target: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-proxy-'))
  const port = await freePort()
  const file = join(folder, 'configuration')
  writeFileSync(file, configuration(port, target, folder))
  const child = spawn(program, args(file), { cwd: folder, stdio: 'ignore' })
  onTestFinished(async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  })
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`)
    await sleep(20)
  }
  return `http://127.0.0.1:${port}`
}

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
