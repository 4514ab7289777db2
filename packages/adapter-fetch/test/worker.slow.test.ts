import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import workerd from 'workerd'
import { bundled } from './bundled.ts'

/** No `compatibilityFlags`: nothing of Node is there. */
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [(name = "worker.js", esModule = embed "worker.js")],
    compatibilityDate = "2026-01-01",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`

/** The runtime of Cloudflare's workers, serving a program. @returns where it listens */
async function serveInWorkerd(code: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tsgi-worker-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'worker.js'), code)
  await writeFile(join(folder, 'config.capnp'), CONFIG)
  const runtime = spawn(workerd, ['serve', 'config.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
  })
  const closed = once(runtime, 'close')
  onTestFinished(async () => {
    runtime.kill('SIGKILL')
    await closed
  })
  let complaints = ''
  runtime.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  for await (const line of createInterface(runtime.stdio[3] as Readable)) {
    const { event, port } = JSON.parse(line) as { event: string; port: number }
    if (event === 'listen') return `http://127.0.0.1:${port}/`
  }
  throw new Error(`expected workerd to listen, got ${complaints}`)
}

describe('a worker without Node', () => {
  test('answers in workerd', async () => {
    const { code } = await bundled(fileURLToPath(new URL('worker-example.ts', import.meta.url)), 'esm')
    const url = await serveInWorkerd(code)
    const headers = { 'cf-connecting-ip': '192.0.2.1' }
    const response = await fetch(new URL('page', url), { method: 'POST', body: 'four', headers })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(await response.text()).toBe('POST /page with 4 bytes, from 192.0.2.1\n')
  })

  test('streams in workerd, and answers 500 where the application fails', async () => {
    const { code } = await bundled(fileURLToPath(new URL('fixtures/worker-streams.ts', import.meta.url)), 'esm')
    const url = await serveInWorkerd(code)
    const streamed = await fetch(new URL('stream', url))
    expect(await streamed.text()).toBe('one, two, drei: ä')
    const failed = await fetch(new URL('fail', url))
    expect([failed.status, await failed.text()]).toEqual([500, '500 Internal Server Error\n'])
  })
})
