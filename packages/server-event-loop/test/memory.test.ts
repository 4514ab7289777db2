/** What bodies cost in memory, on the command as users run it: peaks of the whole process, as the system counts them. */
import { expect, test } from 'vitest'
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

test('an upload of 100 MB that is counted stays within 80 MB of the idle peak, one of 300 MB needs at most 8 MB more', async () => {
  const { command, idle } = await start()
  await upload(command, '/', 100)
  await upload(command, '/reads', 100)
  const after100 = command.peakMemory()
  expect(after100 - idle).toBeLessThan(80 * MEGABYTE)
  await upload(command, '/', 300)
  expect(command.peakMemory() - after100).toBeLessThanOrEqual(8 * MEGABYTE)
})

test('downloads of 50 MB that are made on the fly, to a slow reader, stay within 48 MB of the idle peak', async () => {
  const { command, idle } = await start()
  for (const target of ['/async', '/sync', '/text', '/writer']) {
    const client = await command.connect()
    client.keep = false
    client.send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    // It takes what is there, and then looks away for a while.
    const slow = setInterval(() => {
      client.socket.resume()
      client.socket.once('data', () => client.socket.pause())
    }, 1)
    await client.toEnd()
    clearInterval(slow)
    expect(client.size, target).toBeGreaterThan(50 * MEGABYTE)
    expect(command.peakMemory() - idle, target).toBeLessThan(48 * MEGABYTE)
  }
})
