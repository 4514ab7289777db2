/** `node bench/memory.ts`: what 200 MB each way cost in memory while the other side is slow (Linux). */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const SIZE = 200 * 1024 * 1024
const CHUNK = 64 * 1024
const REST_EVERY = 4 * 1024 * 1024

const memory = ({ pid }: ChildProcess, field: string): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

async function reach(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const connected = await new Promise((resolve) =>
      socket.once('connect', resolve).once('error', () => resolve(false)),
    )
    if (connected !== false) return socket
    await wait(50)
  }
}

/** Reads 200 MB at about 400 MB a second at most. */
async function download(port: number): Promise<number> {
  const socket = await reach(port)
  socket.write('GET / HTTP/1.0\r\nhost: localhost\r\n\r\n')
  let received = 0
  let rested = 0
  for await (const data of socket) {
    received += (data as Buffer).length
    if (received - rested < REST_EVERY) continue
    rested = received
    await wait(10)
  }
  return received
}

/** As fast as the app takes it. */
async function upload(port: number): Promise<number> {
  const socket = await reach(port)
  socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${SIZE}\r\nconnection: close\r\n\r\n`)
  const chunk = Buffer.alloc(CHUNK)
  for (let sent = 0; sent < SIZE; sent += CHUNK) {
    if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve))
  }
  let answer = ''
  for await (const data of socket) answer += String(data)
  return Number(answer.split('\r\n\r\n')[1])
}

let port = 26_000 + (process.pid % 1000)
for (const mode of ['', 'fast']) {
  for (const transfer of [download, upload]) {
    const server = spawn(process.execPath, ['bench/transfer.ts', String(++port), mode], { stdio: 'inherit' })
    ;(await reach(port)).destroy()
    await wait(500)
    const idle = memory(server, 'VmRSS')
    const bytes = await transfer(port)
    const peak = memory(server, 'VmHWM')
    server.kill()
    const name = `${transfer.name}${mode === '' ? '' : ', fast globals'}`
    console.log(
      `${name.padEnd(24)} ${bytes >= SIZE ? 'whole' : 'SHORT'}  ${(peak - idle).toFixed(0)} MB over idle (${idle.toFixed(0)} MB)`,
    )
  }
}
