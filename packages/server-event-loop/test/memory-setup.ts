/** Uploads and downloads of a real command, and the peak of its memory. */
import { expect } from 'vitest'
import { type Command, Folder } from './command.ts'

export const MEGABYTE = 2 ** 20

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
export async function start(): Promise<{ readonly command: Command; readonly idle: number }> {
  const command = new Folder({ 'app.js': APP }).serve(['app.js', '--max-body-size', '1GiB'])
  for (let i = 0; i < 3; i++) await command.get('/')
  await upload(command, '/', 1)
  return { command, idle: command.peakMemory() }
}

/** Sends as fast as it is taken. */
export async function upload(command: Command, target: string, megabytes: number): Promise<void> {
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
