/** The kit against nginx, whose ways are many and mostly allowed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@tsgi/free-port'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conform } from '../src/index.ts'

const NGINX = '/usr/sbin/nginx'

const configuration = (folder: string, port: number): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${folder}/client;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    location / { return 200 'hello'; }
  }
}
`

describe.skipIf(!existsSync(NGINX))('the verdict of a server by its address', () => {
  let nginx: ChildProcess
  let folder: string
  let url: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tsgi-nginx-'))
    const port = await freePort()
    url = `http://127.0.0.1:${port}/`
    await writeFile(join(folder, 'nginx.conf'), configuration(folder, port))
    nginx = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    for await (const chunk of nginx.stderr!.iterator({ destroyOnReturn: false })) {
      said += String(chunk)
      if (said.includes('start worker process')) break
    }
    nginx.stderr!.resume()
    expect(said).toContain('start worker process')
  })

  afterAll(async () => {
    if (nginx.exitCode === null) {
      nginx.kill('SIGTERM')
      await once(nginx, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  })

  test('nginx fails nothing but the values of Host that it does not check', { timeout: 120_000 }, async () => {
    const { outcomes } = await conform(url)
    const failed = outcomes.flatMap(({ kind, behaviour }) => (kind === 'failed' ? [behaviour.id] : []))
    // RFC 9112 §3.2: an invalid Host MUST be answered with 400.
    expect(failed.filter((id) => id !== 'host-userinfo' && id !== 'host-port-word')).toEqual([])
    const differing = outcomes.flatMap(({ kind, behaviour }) => (kind === 'differs' ? [behaviour.id] : []))
    expect(differing).toEqual(
      expect.arrayContaining(['lf-request-line', 'expectation-unknown', 'length-zeros', 'underscore-length']),
    )
  })
})
