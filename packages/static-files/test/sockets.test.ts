import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, truncateSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { serve } from '@tsgi/server-event-loop'
import { staticFiles, type StaticOptions } from '@tsgi/static-files'
import { temporaryFolder, type Folder } from './folder.ts'
import { readResponses } from '@tsgi/wire'
import { exchange, open } from './raw-client.ts'

const MiB = 1024 * 1024
const big = Buffer.alloc(3 * MiB + 17)
for (let i = 0; i < big.length - 4; i += 4) big.writeUInt32LE((i * 2_654_435_761) % 2 ** 32, i)

let folder: Folder
let port: number
let errors: unknown[]
let close: () => Promise<unknown>

async function start(options: StaticOptions = {}): Promise<void> {
  folder = temporaryFolder({ 'a.txt': '0123456789', 'big.bin': big, 'docs/index.html': 'docs', 'index.html': 'home' })
  errors = []
  const server = await serve(staticFiles(folder.path, options), {
    listen: [{ host: '127.0.0.1', port: 0 }],
    log: (level, message, fields) => void (level === 'error' && errors.push(fields?.['error'] ?? message)),
  })
  const [address] = server.addresses
  port = address !== undefined && 'port' in address ? address.port : 0
  close = () => server.close({ graceful: 0 })
}

beforeEach(() => start())
afterEach(async () => {
  await close()
  folder[Symbol.dispose]()
})

const get = (path: string, ...fields: string[]): string =>
  `GET ${path} HTTP/1.1\r\nhost: a\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

it('answers a pipeline of everything in order, each with exactly its bytes', async () => {
  const requests = [
    get('/a.txt'),
    get('/a.txt', 'range: bytes=2-4'),
    get('/a.txt', 'range: bytes=9-1'),
    get('/a.txt', 'range: bytes=10-'),
    get('/a.txt', 'if-none-match: *'),
    get('/big.bin'),
    get('/big.bin').replace('GET', 'HEAD'),
    get('/big.bin', `range: bytes=-5`),
    get('/a.txt', 'range: bytes=0-0,9-9'),
    get('/big.bin', 'range: bytes=0-0,3000000-3000001'),
    get('/docs?x=1'),
    get('/%00'),
    get('/%2e%2e/a.txt'),
    get('/').replace('GET', 'DELETE'),
    get('/'),
  ]
  const methods = requests.map((text) => text.slice(0, text.indexOf(' ')))
  const got = readResponses(await exchange(port, requests.join('')), { methods })
  expect(got.map(({ status }) => status)).toEqual([
    200, 206, 200, 416, 304, 200, 200, 206, 206, 206, 301, 400, 404, 405, 200,
  ])
  expect(got[1]?.body).toBe('234')
  expect(got[5]?.bytes.equals(big)).toBe(true)
  expect(got[6]?.head.replace(/\r\ndate: .*/, '')).toBe(got[5]?.head.replace(/\r\ndate: .*/, ''))
  expect(got[7]?.bytes.equals(big.subarray(-5))).toBe(true)
  expect(got[9]?.bytes.includes(big.subarray(3_000_000, 3_000_002))).toBe(true)
  expect(got[10]?.head).toContain('\r\nlocation: /docs/?x=1')
  expect(got[14]?.body).toBe('home')
  expect(errors).toEqual([])
})

it('sends one file to many at once, from the file and from memory', async () => {
  const expected = createHash('sha256').update(big).digest('hex')
  for (let round = 0; round < 3; round++) {
    const hashes = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const [response] = readResponses(await exchange(port, get('/big.bin')))
        return createHash('sha256')
          .update(response?.bytes ?? '')
          .digest('hex')
      }),
    )
    expect(new Set(hashes)).toEqual(new Set([expected]))
  }
})

describe('a file that becomes shorter while it is sent', () => {
  it('ends the connection, and not a byte is made up', async () => {
    const size = 64 * MiB
    truncateSync(`${folder.path}/big.bin`, size)
    const socket = await open(port)
    socket.write(get('/big.bin') + get('/a.txt'))
    const [first] = (await once(socket, 'data')) as [Buffer]
    socket.pause()
    truncateSync(`${folder.path}/big.bin`, 32 * MiB)
    let length = first.length - first.indexOf('\r\n\r\n') - 4
    let tail = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      length += chunk.length
      tail = Buffer.concat([tail, chunk]).subarray(-1000)
    })
    // Reset or closed: either tells that the response is not whole.
    await new Promise((resolve) => socket.on('end', resolve).on('error', resolve).resume())
    socket.destroy()
    expect(length).toBeLessThanOrEqual(32 * MiB)
    expect(tail.includes('0123456789')).toBe(false)
    expect(String(errors[0])).toContain('became shorter')
  })
})

describe.skipIf(process.platform !== 'linux')('a client', () => {
  const openFiles = (): number => readdirSync('/proc/self/fd').length

  it('that leaves in the middle costs no descriptor', async () => {
    truncateSync(`${folder.path}/big.bin`, 64 * MiB)
    const before = openFiles()
    for (const leave of ['destroy', 'resetAndDestroy'] as const) {
      const socket = await open(port)
      socket.write(get('/big.bin'))
      await once(socket, 'data')
      socket.on('error', () => {})
      socket[leave]()
    }
    await vi.waitFor(() => expect(openFiles()).toBe(before), { timeout: 10_000 })
  })

  it('that reads slowly costs a few buffers, however large the file', async () => {
    truncateSync(`${folder.path}/big.bin`, 1024 * MiB)
    const before = process.memoryUsage().arrayBuffers
    const sockets = await Promise.all(Array.from({ length: 4 }, () => open(port)))
    for (const socket of sockets) {
      socket.write(get('/big.bin'))
      await once(socket, 'data')
      socket.pause()
    }
    // A server that did not wait would read on while it answers these.
    for (let i = 0; i < 50; i++) await exchange(port, get('/a.txt'))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * MiB)
    for (const socket of sockets) socket.destroy()
  })
})
