import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import { describe, expect, test } from 'vitest'
import { bundled } from './bundled.ts'

const EXAMPLE = fileURLToPath(new URL('worker-example.ts', import.meta.url))

/** What all runtimes with fetch handlers have. */
const WEB = {
  AbortController,
  AbortSignal,
  Headers,
  ReadableStream,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  clearTimeout,
  console,
  setTimeout,
}

describe('a worker without Node', () => {
  test.each([
    ['@tsgi/adapter-fetch/to-fetch', '../dist/to-fetch/index.js'],
    ['@tsgi/exchange', '../../exchange/dist/index.js'],
    ['@tsgi/spec', '../../spec/dist/index.js'],
    ['@tsgi/spec/server', '../../spec/dist/server.js'],
  ])('imports no module of Node with %s', async (_name, file) => {
    expect((await bundled(fileURLToPath(new URL(file, import.meta.url)), 'esm')).nodeImports).toEqual([])
  })

  test('would, with from-fetch', async () => {
    const file = fileURLToPath(new URL('../dist/from-fetch/index.js', import.meta.url))
    expect((await bundled(file, 'esm')).nodeImports.join()).toContain('node:stream')
  })

  test('answers with what all such runtimes have', async () => {
    const { code } = await bundled(EXAMPLE, 'iife')
    const { fetch } = vm.runInNewContext(`${code};program`, { ...WEB }) as {
      fetch: (request: Request) => Promise<Response>
    }
    const request = new Request('https://example.com/page', {
      method: 'POST',
      body: 'four',
      headers: { 'cf-connecting-ip': '192.0.2.1' },
    })
    expect(await (await fetch(request)).text()).toBe('POST /page with 4 bytes, from 192.0.2.1\n')
  })

  test('is the one of the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(readme).toContain(`\`\`\`ts\n${readFileSync(EXAMPLE, 'utf8')}\`\`\``)
  })
})
