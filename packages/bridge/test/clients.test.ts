import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PYTHON, serveExercises, type Served } from './serving.ts'

describe.skipIf(PYTHON === undefined)('clients of an application in Python', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveExercises({}, 'closed')
  })
  afterAll(() => served.close())

  async function request(text: string): Promise<Socket> {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(text)
    return socket
  }

  it('that leave end an endless response, which is closed once', async () => {
    const before = Number(await served.text('/count-closed'))
    const socket = await request('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(socket, 'data')
    socket.destroy()
    await expect.poll(async () => Number(await served.text('/count-closed'))).toBe(before + 1)
  })

  it('that read nothing hold the application up, and not the memory of the server', async () => {
    const socket = await request('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n')
    socket.pause()
    // The only lane waits for room; the next request waits for the lane.
    const behind = served.text('/')
    const before = process.memoryUsage().rss
    await expect.poll(() => socket.bytesRead > 0 || socket.readableLength >= 0).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000)
    socket.destroy()
    expect(await behind).toBe('Hello')
  })

  it('that wait for 100 Continue are refused without it where the body is not read', async () => {
    const head = 'host: x\r\ncontent-length: 9\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n'
    const refused = await request(`POST /refuse HTTP/1.1\r\n${head}`)
    expect(await answer(refused)).toMatch(/^HTTP\/1\.1 413 /)
    const read = await request(`POST /echo HTTP/1.1\r\n${head}`)
    expect(String((await once(read, 'data'))[0])).toMatch(/^HTTP\/1\.1 100 /)
    read.write('some body')
    expect(await answer(read)).toMatch(/^HTTP\/1\.1 200 [^]*some body$/)
  })

  it('that break a body off make the read fail, and are answered by its status', async () => {
    const socket = await request('POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\nsome')
    socket.end()
    expect(await answer(socket)).toMatch(/^HTTP\/1\.1 400 /)
  })
})

async function answer(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('latin1')
  for await (const piece of socket) text += piece
  return text
}
