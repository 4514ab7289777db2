/** The files of certificates, from a server's start on. */
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { type MadeCertificate, makeCertificate } from '@tsgi/connection/tls'
import type { Application } from '@tsgi/spec'
import type { ListenTarget } from '@tsgi/spec/server'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { serve } from '../src/index.ts'
import { portOf } from './serving.ts'

const HOUR = 3_600_000
const LOOKS = 6_000

const made = (subject: string, from = -1, to = 1): MadeCertificate =>
  makeCertificate({ subject, from: Date.now() + from * HOUR, to: Date.now() + to * HOUR })

const hello: Application = (_environ, start) => {
  start(200, [])
  return 'hello'
}

let files: { readonly cert: string; readonly key: string }

function put({ cert, key }: MadeCertificate): void {
  for (const [file, text] of [
    [files.cert, cert],
    [files.key, key],
  ] as const) {
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
  }
}

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-'))
  files = { cert: join(folder, 'site.crt'), key: join(folder, 'site.key') }
  put(made('first'))
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => {
    vi.useRealTimers()
    rmSync(folder, { recursive: true })
  })
})

const https = (port = 0): readonly ListenTarget[] => [{ host: '127.0.0.1', port, protocol: 'https' }]

test('those that are renewed while the application starts are served', async () => {
  const app = Object.assign((...call: Parameters<Application>) => hello(...call), {
    startup: () => put(made('second')),
  })
  const server = await serve(app, { listen: https(), tls: { certificates: [files] } })
  onTestFinished(async () => void (await server.close({ graceful: 0 })))
  const subject = async (): Promise<string | undefined> => {
    vi.advanceTimersByTime(LOOKS)
    const socket = tls.connect({ port: portOf(server.addresses[0]), host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const found = socket.getPeerX509Certificate()?.subject
    socket.destroy()
    return found
  }
  await expect.poll(subject).toBe('CN=second')
})

test('those of a start that fails are watched no more', async () => {
  const taken = net.createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as net.AddressInfo
  await expect(serve(hello, { listen: https(port), tls: { certificates: [files] } })).rejects.toThrow(/in use/)
  expect(vi.getTimerCount()).toBe(0)
})

test('one that has expired is reported by the name of its file before anything listens', async () => {
  put(made('old', -2, -1))
  await expect(serve(hello, { listen: https(), tls: { certificates: [files] } })).rejects.toMatchObject({
    code: 'TSGI_ERR_OPTION',
    message: expect.stringMatching(/site\.crt: expired at .*\. Renew it$/),
  })
})
