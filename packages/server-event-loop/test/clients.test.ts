/** Clients that people use agree with the server, over the socket, on the command as users run it. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import http from 'node:http'
import { promisify } from 'node:util'
import { truncateSync, writeFileSync } from 'node:fs'
import { Client as UndiciClient } from 'undici'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Folder } from './command.ts'

const APP = `
const moments = [
  () => undefined,
  () => Promise.resolve(),
  () => new Promise((resolve) => setImmediate(resolve)),
  () => new Promise((resolve) => setTimeout(resolve, 2)),
]
let n = 0
export default (environ, startResponse) => {
  if (environ.pathInfo !== '/quick') return slow(environ, startResponse)
  startResponse(200, ['content-type', 'text/plain'])
  return 'Hello, World!'
}
async function slow(environ, startResponse) {
  const plain = ['content-type', 'text/plain', 'x-port', String(environ.remotePort)]
  if (environ.pathInfo === '/refuse') { startResponse(403, plain); return 'no' }
  if (environ.pathInfo === '/count') {
    let size = 0
    for await (const bytes of environ.input) size += bytes.length
    startResponse(200, plain)
    return String(size)
  }
  if (environ.pathInfo === '/stream') {
    startResponse(200, plain)
    return (async function* () { for (const part of ['a', 'b', 'c']) { await moments[n++ % 4](); yield part } })()
  }
  await moments[n++ % 4]()
  startResponse(200, plain)
  return environ.requestMethod + ' ' + environ.pathInfo + ' ' + environ.serverProtocol
}`

const run = promisify(execFile)

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined
/** What a suite is called: with the reason where it cannot run. */
const named = (name: string, there: boolean): string => (there ? name : `${name} (skipped: no ${name})`)

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

// One server for all of them.
const cleanups: (() => void | Promise<void>)[] = []
const folder = new Folder({ 'app.js': APP, 'letters.txt': LETTERS }, (cleanup) => cleanups.push(cleanup))
let url: string
beforeAll(async () => {
  url = `http://127.0.0.1:${await folder.serve(['app.js', '--static', '.']).port()}`
})
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

const CURL = has('curl')
describe.skipIf(!CURL)(named('curl', CURL), () => {
  /** Fails where curl does: on a broken response, a wrong length, a connection that hangs. */
  const curl = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run('curl', ['-sS', '--max-time', '60', ...args], { maxBuffer: 2 ** 26 })
    return stdout
  }
  const curlVerbose = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await run('curl', ['-v', '--max-time', '60', ...args])
    return stderr + stdout
  }
  /** But for what no two responses share. */
  const fieldsOf = (head: string): string[] =>
    head.split('\r\n').filter((line) => line !== '' && !/^(date|x-port):/.test(line))

  test('GET and HEAD say the same, of a text and of a stream', async () => {
    for (const target of ['/refuse', '/stream']) {
      const got = await curl('-D', '-', '-o', '/dev/null', url + target)
      const head = await curl('-I', url + target)
      expect(fieldsOf(head)).toEqual(fieldsOf(got))
      expect(head).toMatch(/^HTTP\/1\.1 [^]*\r\n\r\n$/)
    }
    expect(await curl(`${url}/stream`)).toBe('abc')
  })

  test('uploads 100 MB with --data-binary, and the application counts them', async () => {
    const size = 100 * 2 ** 20
    writeFileSync(folder.file('large'), '')
    truncateSync(folder.file('large'), size)
    expect(await curl('--data-binary', `@${folder.file('large')}`, `${url}/count`)).toBe(String(size))
    expect(await curl('-T', folder.file('large'), '-H', 'Transfer-Encoding: chunked', `${url}/count`)).toBe(
      String(size),
    )
  })

  test('is told to continue only when the application reads, and sends nothing when it refuses', async () => {
    writeFileSync(folder.file('body'), Buffer.alloc(2_000_000))
    const send = ['-H', 'Expect: 100-continue', '--expect100-timeout', '50', '--data-binary', `@${folder.file('body')}`]
    const read = await curlVerbose(...send, `${url}/count`)
    expect(read).toMatch(/< HTTP\/1\.1 100 Continue\r\n[^]*< HTTP\/1\.1 200 OK\r\n[^]*2000000$/)
    const refused = await curlVerbose(...send, '-w', '%{size_upload}', `${url}/refuse`)
    expect(refused).not.toContain('100 Continue')
    expect(refused).toMatch(/< HTTP\/1\.1 403 Forbidden\r\n[^]*< connection: close\r\n[^]*no0$/)
  })

  test('gets ranges of a static file', async () => {
    const file = `${url}/letters.txt`
    expect(await curl('-r', '0-3', file)).toBe('abcd')
    expect(await curl('-r', '20-', file)).toBe('uvwxyz')
    expect(await curl('-r', '-2', file)).toBe('yz')
    expect(await curl('-D', '-', '-r', '1-2', file)).toMatch(/^HTTP\/1\.1 206 [^]*content-range: bytes 1-2\/26\r\n/)
    expect(await curl('-D', '-', '-r', '0-0,4-5', file)).toMatch(
      /multipart\/byteranges[^]*\r\n\r\na\r\n[^]*\r\n\r\nef\r\n/,
    )
    expect(await curl('-D', '-', '-r', '26-', file)).toMatch(/^HTTP\/1\.1 416 [^]*content-range: bytes \*\/26\r\n/)
    writeFileSync(folder.file('half'), LETTERS.slice(0, 10))
    await curl('-C', '-', '-o', folder.file('half'), file)
    expect(execFileSync('cmp', [folder.file('half'), folder.file('letters.txt')]).length).toBe(0)
  })

  test('speaks HTTP/1.0, with and without keep-alive', async () => {
    expect(await curl('-0', '-D', '-', `${url}/a`)).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*GET \/a HTTP\/1\.0$/,
    )
    expect(await curl('-0', '-D', '-', `${url}/stream`)).toMatch(/connection: close\r\n\r\nabc$/)
    const kept = await curl('-0', '-H', 'Connection: keep-alive', '-w', '%{num_connects};', `${url}/a`, `${url}/b`)
    expect(kept).toBe('GET /a HTTP/1.01;GET /b HTTP/1.00;')
  })

  test('keeps one connection for many requests of all kinds', async () => {
    const request = (...args: readonly string[]): readonly string[] => [
      '--next',
      '-sS',
      '-w',
      ' %{num_connects}\n',
      ...args,
    ]
    const text = await curl(
      '-w',
      ' %{num_connects}\n',
      `${url}/first`,
      ...request(`${url}/stream`),
      ...request('-d', 'abc', `${url}/count`),
      ...request('-d', 'abc', `${url}/refuse`),
      ...request('-X', 'DELETE', `${url}/x`),
      ...request('-I', '-o', '/dev/null', `${url}/x`),
      ...request(`${url}/last`),
    )
    expect(text.split('\n')).toEqual([
      'GET /first HTTP/1.1 1',
      'abc 0',
      '3 0',
      'no 0',
      'DELETE /x HTTP/1.1 0',
      ' 0',
      'GET /last HTTP/1.1 0',
      '',
    ])
  })
})

test('undici, pipelining 10: every answer belongs to its request, on one connection', async () => {
  const client = new UndiciClient(url, { pipelining: 10 })
  onTestFinished(() => client.destroy())
  const ports = new Set<unknown>()
  await Promise.all(
    Array.from({ length: 500 }, async (_, i) => {
      const target = i % 10 === 3 ? '/stream' : `/${i}`
      const { statusCode, headers, body } = await client.request({ path: target, method: 'GET' })
      ports.add(headers['x-port'])
      expect(statusCode).toBe(200)
      expect(await body.text()).toBe(target === '/stream' ? 'abc' : `GET ${target} HTTP/1.1`)
    }),
  )
  expect(ports.size).toBe(1)
})

test('fetch keeps its connections', async () => {
  const ports = new Set<unknown>()
  for (let i = 0; i < 50; i++) {
    const post = i % 2 === 1
    const response = await fetch(
      `${url}${post ? '/count' : `/${i}`}`,
      post ? { method: 'POST', body: 'x'.repeat(i) } : {},
    )
    ports.add(response.headers.get('x-port'))
    expect(await response.text()).toBe(post ? String(i) : `GET /${i} HTTP/1.1`)
  }
  // It may open a second before it knows that the first is free again.
  expect(ports.size).toBeLessThanOrEqual(2)
})

test('node:http keeps its connection, also after bodies in packets of their own', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const ask = (target: string, pieces: readonly string[]): Promise<{ text: string; reused: boolean }> =>
    new Promise((resolve, reject) => {
      const request = http.request(url + target, { agent, method: pieces.length > 0 ? 'POST' : 'GET' }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (data: string) => (text += data))
        response.on('end', () => resolve({ text, reused: request.reusedSocket }))
      })
      request.on('error', reject)
      void (async () => {
        for (const piece of pieces) {
          request.write(piece)
          await new Promise((done) => setImmediate(done))
        }
        request.end()
      })()
    })
  for (let i = 0; i < 50; i++) {
    expect(await ask(`/${i}`, [])).toEqual({ text: `GET /${i} HTTP/1.1`, reused: i > 0 })
    expect(await ask('/count', ['ab', 'c'.repeat(i)])).toEqual({ text: String(i + 2), reused: true })
  }
})

const WRK = has('wrk')
describe.skipIf(!WRK)(named('wrk', WRK), () => {
  /** Longer by hand: `WRK_SECONDS=10`. */
  const seconds = process.env['WRK_SECONDS']
  test.each([
    ['a text', '/quick', '1'],
    ['what comes at different moments', '/x', '1'],
    ['streams', '/stream', '1'],
  ])('64 connections, %s: no error', { timeout: 60_000 }, async (_what, target, short) => {
    const { stdout } = await run('wrk', ['-t1', '-c64', `-d${seconds ?? short}s`, url + target])
    expect(stdout).toMatch(/ [1-9]\d* requests in /)
    expect(stdout).not.toMatch(/Socket errors|Non-2xx/)
    if (seconds !== undefined) console.log(stdout)
  })
})
