/** Bodies of 200 MB through Express, on a server in a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const MB = 1_000_000

/** @param kind the server: `event-loop` or `node-http` */
export function describeMemoryOf(kind: string): void {
  describe(`200 MB through Express on ${kind}`, () => {
    test(
      'down to a slow client and up to a slow listener stay within 96 MB over idle memory',
      { timeout: 60_000 },
      async () => {
        const fixture = fileURLToPath(new URL('fixtures/memory-server.ts', import.meta.url))
        const child = spawn(process.execPath, ['--conditions=source', fixture, kind], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        try {
          const [line] = (await once(child.stdout, 'data')) as [Buffer]
          const port = Number(line.toString())
          const peak = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${port}/peak`)).text())
          // Once small, so that code is loaded.
          await download(port, 1)
          await upload(port, MB)
          const idle = await peak()
          expect(await download(port, 200)).toBeGreaterThan(200 * MB)
          expect(await upload(port, 200 * MB)).toBe(200 * MB)
          expect((await peak()) - idle).toBeLessThan(96 * MB)
        } finally {
          child.kill()
          await once(child, 'exit')
        }
      },
    )
  })
}

/** Reads with rests. */
async function download(port: number, megabytes: number): Promise<number> {
  const socket = net.connect(port, '127.0.0.1')
  socket.write(`GET /download/${megabytes} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  let received = 0
  let nextRest = 0
  for await (const data of socket) {
    received += (data as Buffer).length
    if (received < nextRest) continue
    nextRest = received + 8 * MB
    await delay(5)
  }
  return received
}

async function upload(port: number, size: number): Promise<number> {
  const source = Readable.from(
    (function* chunks() {
      for (let left = size; left > 0; left -= 50_000) yield Buffer.alloc(50_000)
    })(),
  )
  const answer = await fetch(`http://127.0.0.1:${port}/upload`, {
    method: 'POST',
    body: source,
    duplex: 'half',
  } as never)
  return Number(await answer.text())
}
