/** What the tests of listening sockets need: other programs' sockets, folders, another user; gone when a test ends. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-'))
  chmodSync(folder, 0o755)
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Of another program; it greets its clients with `another`. */
export function listening(target: net.ListenOptions): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.end('another')
    })
    server.once('error', reject)
    server.listen(target, () => resolve(server))
    onTestFinished(() => void server.close())
  })
}

export const portOf = (server: net.Server): number => (server.address() as net.AddressInfo).port

/** What is said first to a client of an address. */
export function greeting(target: net.NetConnectOpts): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(target)
    socket.once('error', reject)
    socket.once('data', (bytes) => {
      resolve(String(bytes))
      socket.destroy()
    })
  })
}

/** Runs without the privileges of root, where this process has them. */
export async function asNobody<Result>(run: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return await run()
  process.seteuid?.(65_534)
  try {
    return await run()
  } finally {
    process.seteuid?.(0)
  }
}
