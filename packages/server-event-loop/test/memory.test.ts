/** What bodies cost in memory, on the command as users run it: peaks of the whole process, as the system counts them. */
import { describe, expect, test } from 'vitest'
import { type Command, Folder } from './command.ts'

const MEGABYTE = 2 ** 20

const APP = `
const piece = (i) => Buffer.alloc(65536, i)
const bodies = {
  '/async': async function* () { for (let i = 0; i < 800; i++) yield piece(i) },
  '/sync': function* () { for (let i = 0; i < 800; i++) yield piece(i) },
  '/text': function* () { for (let i = 0; i < 800; i++) yield String(i % 10).repeat(65536) },
  '/writer': () => async (out) => { for (let i = 0; i < 800; i++) await out.write(piece(i)) },
}
export default async (environ, startResponse) => {
  let size = 0
  if (environ.pathInfo === '/reads') {
    for (let bytes; (bytes = await environ.input.read()).length > 0;) size += bytes.length
  } else {
    for await (const bytes of environ.input) size += bytes.length
  }
  startResponse(200, [])
  return bodies[environ.pathInfo]?.() ?? String(size)
}`

/** Serving, with everything used once that these tests use. */
async function start(): Promise<{ readonly command: Command; readonly idle: number }> {
  const command = new Folder({ 'app.js': APP }).serve(['app.js', '--max-body-size', '1GiB'])
  for (let i = 0; i < 3; i++) await command.get('/')
  await upload(command, '/', 1)
  return { command, idle: command.peakMemory() }
}

/** Sends as fast as it is taken. */
async function upload(command: Command, target: string, megabytes: number): Promise<void> {
  const client = await command.connect()
  const size = megabytes * MEGABYTE
  client.send(`POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
  const piece = Buffer.alloc(MEGABYTE)
  for (let sent = 0; sent < size; sent += piece.length) {
    if (!client.socket.write(piece)) await new Promise((resolve) => client.socket.once('drain', resolve))
  }
  expect((await client.responses(1))[0]?.body).toBe(String(size))
  client.socket.destroy()
}

describe('an upload that is counted', () => {
  test.each(['/', '/reads'])(
    'by %s: 100 MB stay within 80 MB of the idle peak, 300 MB need at most 8 MB more',
    async (target) => {
      const { command, idle } = await start()
      await upload(command, target, 100)
      const after100 = command.peakMemory()
      expect(after100 - idle).toBeLessThan(80 * MEGABYTE)
      await upload(command, target, 300)
      expect(command.peakMemory() - after100).toBeLessThanOrEqual(8 * MEGABYTE)
    },
  )
})

describe('a download of 50 MB that is made on the fly', () => {
  test.each(['/async', '/sync', '/text', '/writer'])('by %s stays within 48 MB of the idle peak', async (target) => {
    const { command, idle } = await start()
    const client = await command.connect()
    client.keep = false
    client.send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    // Slowly: it takes what is there, and then looks away for a while.
    const slow = setInterval(() => {
      client.socket.resume()
      client.socket.once('data', () => client.socket.pause())
    }, 1)
    await client.toEnd()
    clearInterval(slow)
    expect(client.size).toBeGreaterThan(50 * MEGABYTE)
    expect(command.peakMemory() - idle).toBeLessThan(48 * MEGABYTE)
  })
})
